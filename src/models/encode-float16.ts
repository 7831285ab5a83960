/**
 * Rounds to IEEE 754 half precision, to the nearest, ties to the even one; `decodeFloat16` is the way back. Numbers below
 * 6·10⁻⁵ keep fewer digits (subnormal), those below 3·10⁻⁸ become 0.
 * @returns bit patterns, same length; what is beyond 65504 becomes infinite
 */
export function encodeFloat16(numbers: Float32Array): Uint16Array {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const rest = bits[i] & 0x7fffffff;
    if (rest > 0x7f800000) halves[i] = sign | 0x7e00;
    // from here on rounding leads to infinity: 65520 and above
    else if (rest >= 0x477ff000) halves[i] = sign | 0x7c00;
    // 2⁻¹⁴, the least normal half: exponents differ by 112, the carry of rounding may go on into the exponent
    else if (rest >= 0x38800000) halves[i] = sign | ((rest - 0x38000000 + 0xfff + ((rest >>> 13) & 1)) >>> 13);
    else halves[i] = sign | roundHalfEven(Math.abs(numbers[i]) * 2 ** 24);
  }
  return halves;
}

/** @param x in [0, 1024], so that fractions are exact */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
