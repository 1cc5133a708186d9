// The door to what a request's clip is outwardly: geometry/ holds a table for each concern.
export { type Geometry, toGeometry } from './geometry/geometry.ts';
export { isExtension } from './geometry/length.ts';
export { toFlag, toNumber } from './geometry/values.ts';
