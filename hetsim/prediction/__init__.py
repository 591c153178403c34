"""Rate curves of pairs that nobody has measured, with a band, from computed values and measured electrodes."""
