import {
  bounded,
  capsule,
  column,
  ellipsoid,
  grown,
  halfSpace,
  intersection,
  subtraction,
  trunk,
  tube,
  union,
  type Knot,
  type Shape
} from './shapes.js';
import { part, type Structure } from './structure.js';

/** Half width, half depth in mm and the thickness of the subcutaneous fat. */
export interface BodySize {
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly fat: number;
}

/** The room of the viscera inside muscles and ribs. */
export function cavityOf({ halfWidth, halfDepth, fat }: BodySize): Shape {
  const room = trunk([0, 8], [halfWidth - fat - 13, halfDepth - fat * 0.8 - 10]);
  const paraspinal = union(column([36, -88], [30, 25]), column([-36, -88], [30, 25]), column([0, -84], [26, 36]));
  return subtraction(room, grown(paraspinal, 4));
}

export function bodyOf({ halfWidth, halfDepth }: BodySize): Shape {
  // Back and front are flatter than the sides; a shallow groove runs along the spine.
  return subtraction(trunk([0, 0], [halfWidth, halfDepth]), column([0, -halfDepth - 10], [16, 15]));
}

/** Spine and the muscles along it, which reach into the cavity; the uppermost (what hides others) first. */
export function spineAndItsMuscles(): Structure[] {
  const erector = (side: 1 | -1): Shape => column([side * 33, -88], [24, 19]);
  return [
    ...spine(),
    part('fat', union(column([14, -92], [1.6, 12]), column([-14, -92], [1.6, 12]))),
    part('muscle', union(erector(1), erector(-1))),
    part('muscle', union(psoas(1), psoas(-1))),
    part('muscle', union(crus(1), crus(-1)))
  ];
}

/** Ribs, muscles, fat and skin around the cavity, the uppermost first. */
export function bodyWall(size: BodySize): Structure[] {
  const body = bodyOf(size);
  const muscular = trunk([0, 2], [size.halfWidth - size.fat, size.halfDepth - size.fat * 0.75]);
  const groove = union(column([0, -size.halfDepth + 4], [7, 16]), column([0, size.halfDepth - size.fat], [3.5, 18]));
  return [
    ...ribs(size),
    part('fat', intersection(muscular, groove)),
    part('muscle', muscular),
    part('fat', grown(body, -2.2)),
    part('skin', body)
  ];
}

const VERTEBRA_HEIGHT = 33;

function spine(): Structure[] {
  const canal = column([0, -64], [9.5, 8.5]);
  const structures: Structure[] = [part('spinalCanal', canal)];
  for (let level = -7; level <= 7; level++) {
    const z = level * VERTEBRA_HEIGHT + 6;
    const body = waisted(z);
    const arch = subtraction(archOf(z), canal);
    structures.push(
      part('marrow', grown(body, -1.6)),
      part('corticalBone', body),
      part('marrow', grown(arch, -2.2)),
      part('corticalBone', arch)
    );
  }
  structures.push(part('disc', column([0, -37], [22, 16])));
  return structures;
}

/** Pedicles, laminae, spinous and transverse processes of one vertebra. */
function archOf(z: number): Shape {
  const half = (side: 1 | -1): Shape[] => [
    capsule([side * 11, -56, z + 5], [side * 16, -66, z + 2], 5.5),
    capsule([side * 16, -66, z + 2], [0, -80, z - 4], 4.5),
    capsule([side * 16, -66, z + 2], [side * 38, -74, z + 4], 4.2, 3)
  ];
  const whole = union(...half(1), ...half(-1), capsule([0, -80, z - 4], [0, -98, z - 14], 4, 3.2));
  return bounded(whole, [-42, -102, z - 18], [42, -50, z + 11]);
}

/** A vertebral body: a drum with a flat back, narrower in its middle. */
function waisted(z: number): Shape {
  const drum = column([0, -37], [24, 18]);
  const slab = intersection(halfSpace([0, 0, z + 12], [0, 0, 1]), halfSpace([0, 0, z - 12], [0, 0, -1]));
  const back = halfSpace([0, -52, 0], [0, -1, 0]);
  const body: Shape = (x, y, height) => {
    const waist = 1.8 * (1 - Math.min(1, ((height - z) / 12) ** 2));
    return Math.max(drum(x, y, height) + waist, slab(x, y, height), back(x, y, height)) * 0.9;
  };
  return bounded(body, [-24, -52, z - 12], [24, -19, z + 12]);
}

/** Ribs run round the wall and downwards; in front they go on upwards as cartilage. */
function ribs(size: BodySize): Structure[] {
  const structures: Structure[] = [];
  const radii: readonly [number, number] = [size.halfWidth - size.fat - 7, size.halfDepth - size.fat * 0.75 - 6];
  for (const side of [1, -1]) {
    for (let rib = 0; rib < 9; rib++) {
      const top = 182 - rib * 30;
      // The lower ribs are shorter.
      const end = rib < 5 ? 2.25 : 2.25 - 0.32 * (rib - 4);
      const at = (angle: number, z: number): Knot => {
        const [x, y] = onWall(radii, angle);
        return [side * x, y, z, 4];
      };
      const height = (angle: number): number => top - 38 * (angle - 0.28) - 10 * Math.sin(angle);
      const course: Knot[] = [];
      for (let angle = 0.28; angle < end; angle += 0.16) course.push(at(angle, height(angle)));
      const bone = flattened(course);
      structures.push(part('marrow', grown(bone, -1.4)), part('corticalBone', bone));
      if (rib < 6) {
        const cartilage: Knot[] = [];
        for (let angle = end - 0.08; angle < 2.95; angle += 0.16) {
          cartilage.push(at(angle, height(end) + 46 * (angle - end)));
        }
        structures.push(part('cartilage', flattened(cartilage)));
      }
    }
  }
  const sternum = ellipsoid([0, radii[1] + 1, 170], [17, 6, 75]);
  return [...structures, part('marrow', grown(sternum, -1.5)), part('corticalBone', sternum)];
}

/** A point of the wall at an angle from the back. */
function onWall([a, b]: readonly [number, number], angle: number): readonly [number, number] {
  const s = Math.sin(angle);
  const c = -Math.cos(angle);
  const scale = 1 / Math.pow(Math.abs(s) ** 2.5 + Math.abs(c) ** 2.5, 0.4);
  return [a * s * scale, b * c * scale + 2];
}

/** A tube that is higher than thick, as ribs are. */
function flattened(course: readonly Knot[]): Shape {
  const shifted = (dz: number): Shape => tube(course.map(([x, y, z, r]) => [x, y, z + dz, r]));
  return union(shifted(-2.6), shifted(2.6));
}

/** Begins at the upper lumbar spine and grows downwards. */
function psoas(side: 1 | -1): Shape {
  return capsule([side * 27, -44, -20], [side * 40, -38, -140], 7, 22);
}

/** The pillars of the diaphragm beside the aorta. */
function crus(side: 1 | -1): Shape {
  return tube([
    [side * 12, -20, -60, 3],
    [side * 17, -18, 10, 4.5],
    [side * 21, -20, 50, 4],
    [side * 25, -28, 80, 2.5]
  ]);
}
