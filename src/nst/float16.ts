/**
 * Decodes IEEE 754 half precision. tfjs has no such dtype and Node 20 no Float16Array, so halves are a storage format
 * only: every value is exactly representable in float32.
 * @param halves bit patterns, any length
 * @returns the same numbers as float32, same length
 */
export function decodeFloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const sign = (half & 0x8000) << 16;
    let exponent = (half >> 10) & 31;
    let fraction = half & 0x3ff;
    if (exponent === 31) {
      bits[i] = sign | 0x7f800000 | (fraction << 13);
    } else if (exponent !== 0) {
      bits[i] = sign | ((exponent + 112) << 23) | (fraction << 13);
    } else if (fraction === 0) {
      bits[i] = sign;
    } else {
      // subnormal halves are normal floats: shift until the leading one is implicit
      exponent = 113;
      while (!(fraction & 0x400)) {
        fraction <<= 1;
        exponent--;
      }
      bits[i] = sign | (exponent << 23) | ((fraction & 0x3ff) << 13);
    }
  }
  return new Float32Array(bits.buffer);
}
