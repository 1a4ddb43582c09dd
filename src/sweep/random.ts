/** A stream of numbers 0 ≤ u < 1 with 53 bits each, the same for the same seed everywhere (sfc32, C. Doty-Humphrey). */
export function randomNumbers(seed: number): () => number {
  let a = 0;
  let b = seed >>> 0;
  let c = Math.floor(seed / 2 ** 32) >>> 0;
  let counter = 1;
  const word = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let k = 0; k < 15; k++) word(); // as its author has it: until the seed has reached every bit
  return () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53;
}
