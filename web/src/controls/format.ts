/** `x` with so many significant digits, 1.27 or 3.1e-16; "–" where there is none. */
export function significant(x: number | undefined, digits = 3): string {
  if (x === undefined || !Number.isFinite(x)) return "–";
  if (x === 0) return "0";
  const magnitude = Math.abs(x);
  if (magnitude >= 1e-3 && magnitude < 1e6) {
    return magnitude >= 10 ** digits ? Math.round(x).toString() : x.toPrecision(digits);
  }
  return x.toExponential(digits - 1).replace("e+", "e");
}

/** 0.4 s, 12 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** 20 000: thousands set apart by thin spaces. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
