/** Opcodes of the WebAssembly core and of its 128-bit SIMD, as in the specification's binary format. */

export const I32 = 0x7f
export const F64 = 0x7c
export const F32 = 0x7d
export const V128 = 0x7b
export type ValueType = typeof I32 | typeof F64 | typeof F32 | typeof V128

/** One byte each. */
export const op = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  return: 0x0f,
  call: 0x10,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  f64Load: 0x2b,
  f64Store: 0x39,
  i32Load: 0x28,
  i32Const: 0x41,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtU: 0x49,
  i32LtS: 0x48,
  i32GtS: 0x4a,
  i32LeS: 0x4c,
  i32GeS: 0x4e,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32DivS: 0x6d,
  i32And: 0x71,
  i32Shl: 0x74,
  select: 0x1b,
  f32DemoteF64: 0xb6,
  f64PromoteF32: 0xbb,
} as const

/** After the prefix 0xfd, as an unsigned LEB128 number. */
export const simd = {
  load: 0x00,
  load32Splat: 0x09,
  load64Splat: 0x0a,
  store: 0x0b,
  const: 0x0c,
  shuffle: 0x0d,
  f32x4Splat: 0x13,
  f64x2Splat: 0x14,
  f32x4ExtractLane: 0x1f,
  f32x4ReplaceLane: 0x20,
  f64x2ExtractLane: 0x21,
  f64x2ReplaceLane: 0x22,
  not: 0x4d,
  and: 0x4e,
  andnot: 0x4f,
  or: 0x50,
  xor: 0x51,
  bitselect: 0x52,
  anyTrue: 0x53,
  load32Lane: 0x56,
  load64Lane: 0x57,
  store32Lane: 0x5a,
  store64Lane: 0x5b,
  load32Zero: 0x5c,
  load64Zero: 0x5d,
  demote: 0x5e,
  promoteLow: 0x5f,
  f64x2Nearest: 0x94,
} as const

/** The lane operations that exist for both widths. */
export type LaneOp =
  | 'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge'
  | 'abs' | 'neg' | 'sqrt' | 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'pmin' | 'pmax' | 'madd' | 'nmadd'
  | 'iadd' | 'isub' | 'ieq' | 'ishl' | 'ishrS' | 'ishrU' // prettier-ignore

/**
 * `madd(a, b, c) = a*b + c` and `nmadd(a, b, c) = -a*b + c` are of relaxed SIMD; those that begin with `i` take the lanes
 * as whole numbers of as many bits.
 */
export const f64x2: Readonly<Record<LaneOp, number>> = {
  eq: 0x47, ne: 0x48, lt: 0x49, gt: 0x4a, le: 0x4b, ge: 0x4c,
  abs: 0xec, neg: 0xed, sqrt: 0xef, add: 0xf0, sub: 0xf1, mul: 0xf2, div: 0xf3,
  min: 0xf4, max: 0xf5, pmin: 0xf6, pmax: 0xf7, madd: 0x107, nmadd: 0x108,
  iadd: 0xce, isub: 0xd1, ieq: 0xd6, ishl: 0xcb, ishrS: 0xcc, ishrU: 0xcd,
} // prettier-ignore

export const f32x4: Readonly<Record<LaneOp, number>> = {
  eq: 0x41, ne: 0x42, lt: 0x43, gt: 0x44, le: 0x45, ge: 0x46,
  abs: 0xe0, neg: 0xe1, sqrt: 0xe3, add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7,
  min: 0xe8, max: 0xe9, pmin: 0xea, pmax: 0xeb, madd: 0x105, nmadd: 0x106,
  iadd: 0xae, isub: 0xb1, ieq: 0x37, ishl: 0xab, ishrS: 0xac, ishrU: 0xad,
} // prettier-ignore
