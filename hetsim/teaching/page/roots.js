// Where functions of one number are zero, and the odds of an occupancy.

// Zeros of several functions between two places each: regula falsi (Illinois), all together.
//   miss(at): their values at places;  low, high: lists of places with values of unlike sign
function roots(miss, low, high) {
  const fLow = miss(low), fHigh = miss(high);
  let at = low.slice();
  const met = low.map(() => false); // one that is there stays there, whatever the others still need
  for (let step = 0; step < 60; step++) {
    const halve = step % 4 === 3; // where a function is flat to the last digit a line leads nowhere
    at = low.map((a, k) => {
      if (met[k]) return at[k];
      if (halve || fHigh[k] === fLow[k]) return (a + high[k]) / 2;
      return (a * fHigh[k] - high[k] * fLow[k]) / (fHigh[k] - fLow[k]);
    });
    const f = miss(at);
    f.forEach((value, k) => {
      met[k] ||= Math.abs(value) <= 1e-11;
      if (value * fHigh[k] < 0) { low[k] = high[k]; fLow[k] = fHigh[k]; } else fLow[k] /= 2;
      high[k] = at[k];
      fHigh[k] = value;
    });
    if (met.every((one, k) => one || Number.isNaN(f[k]))) break;
  }
  return at;
}

// The logarithm of the filled over the free sites, finite where all are filled or none.
function logOdds(occupancy) {
  const inside = Math.min(Math.max(occupancy, 1e-15), 1 - 1e-15);
  return Math.log(inside / (1 - inside));
}
