// Where functions of one number are zero, and the odds of an occupancy.

// Zeros of several functions between two places each: Chandrupatla's method, all together.
// It goes to where a parabola through the last three places is zero, or halves where these lie too unevenly for one;
// T. R. Chandrupatla (1997), Adv. Eng. Softw. 28, 145.
//   miss(at): their values at places;  low, high: lists of places with values of unlike sign
function roots(miss, low, high) {
  let ends = high.slice(), fEnds = miss(ends), at = low.slice(), f = miss(at);
  const before = ends.slice(), fBefore = fEnds.slice(), share = low.map(() => 0.5);
  const met = f.map((value) => Math.abs(value) <= CLOSE); // one that is there stays there, whatever the others still need
  for (let step = 0; step < 60; step++) {
    const there = at.map((a, k) => (met[k] ? a : a + share[k] * (ends[k] - a)));
    const found = miss(there);
    found.forEach((value, k) => {
      if (met[k]) return;
      const same = value > 0 === f[k] > 0; // the zero lies beyond, towards the end
      before[k] = same ? at[k] : ends[k];
      fBefore[k] = same ? f[k] : fEnds[k];
      if (!same) { ends[k] = at[k]; fEnds[k] = f[k]; }
      at[k] = there[k];
      f[k] = value;
      met[k] = Math.abs(value) <= CLOSE || Number.isNaN(value);
      share[k] = parabola(at[k], ends[k], before[k], value, fEnds[k], fBefore[k]);
    });
    if (met.every(Boolean)) break;
  }
  return at;
}

const CLOSE = 1e-11;

// The share of the way from a to b at which the inverse parabola through three points is zero, or a half.
function parabola(a, b, c, fa, fb, fc) {
  const x = (a - b) / (c - b), y = (fa - fb) / (fc - fb);
  if (!(y * y < x && (1 - y) ** 2 < 1 - x)) return 0.5;
  return fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
}

// The logarithm of the filled over the free sites, finite where all are filled or none.
function logOdds(occupancy) {
  const inside = Math.min(Math.max(occupancy, 1e-15), 1 - 1e-15);
  return Math.log(inside / (1 - inside));
}
