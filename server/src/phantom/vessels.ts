import { Random } from './random.js';
import { capsule, tube, type Point, type Shape } from './shapes.js';
import { part, type Structure } from './structure.js';
import type { TissueName } from './tissues.js';

/** Aorta, vena cava and the vessels between them, in the common anatomy. */
export function largeVessels(): Structure[] {
  const aorta = tube([
    [-4, -7, -190, 8],
    [-8, -6, -60, 9],
    [-10, -6, 0, 10],
    [-12, -10, 60, 11],
    [-18, -22, 140, 12]
  ]);
  const arteries: [number, number, number, number][][] = [
    [
      [-10, 2, 20, 3.6],
      [-9, 16, 20, 3.4],
      [14, 26, 22, 2.6],
      [30, 27, 20, 2.2]
    ],
    [
      [-9, 16, 20, 3.2],
      [-45, 8, 26, 2.8],
      [-84, -16, 30, 2.4]
    ],
    [
      [-9, 2, 2, 3.8],
      [-8, 16, -10, 3.6],
      [-5, 22, -190, 3]
    ],
    [
      [-10, -4, -10, 3],
      [-56, -26, -6, 2.6]
    ],
    [
      [-6, -6, -14, 3],
      [48, -24, -18, 2.6]
    ]
  ];
  const cava = tube([
    [17, -2, -190, 9],
    [18, 0, -40, 10],
    [22, 1, 20, 10.5],
    [21, -1, 62, 11.5],
    [12, 8, 104, 13]
  ]);
  const renalVeins: [number, number, number, number][][] = [
    [
      [-56, -24, -2, 4.5],
      [-20, 7, -4, 4],
      [14, 4, -8, 4.5]
    ],
    [
      [48, -22, -14, 4.5],
      [22, 0, -12, 5]
    ]
  ];
  const portal: [number, number, number, number][][] = [
    [
      [-92, -22, 26, 3.2],
      [-48, 4, 14, 4],
      [-4, 24, 2, 5]
    ],
    [
      [2, 30, -190, 4],
      [0, 28, -40, 5.2],
      [-4, 24, 2, 6]
    ],
    [
      [-4, 24, 2, 6.4],
      [14, 23, 12, 6.6],
      [36, 24, 22, 6.8]
    ]
  ];
  return [
    part('aorta', aorta),
    ...arteries.map(course => part('artery', tube(course))),
    part('venaCava', cava),
    ...renalVeins.map(course => part('venaCava', tube(course))),
    ...portal.map(course => part('portalVein', tube(course)))
  ];
}

/** One piece of a vessel inside the liver. */
export interface VesselPiece {
  readonly tissue: TissueName;
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
  readonly shape: Shape;
}

interface Root {
  readonly tissue: TissueName;
  readonly course: readonly (readonly [number, number, number, number])[];
}

const ROOTS: readonly Root[] = [
  {
    tissue: 'portalVein',
    course: [
      [36, 24, 22, 6.6],
      [58, 16, 24, 5.8],
      [80, 30, 30, 4.2]
    ]
  },
  {
    tissue: 'portalVein',
    course: [
      [58, 16, 24, 5.6],
      [80, -2, 14, 4.4]
    ]
  },
  {
    tissue: 'portalVein',
    course: [
      [36, 24, 22, 5.6],
      [20, 38, 30, 4.8],
      [12, 58, 32, 4]
    ]
  },
  {
    tissue: 'hepaticVein',
    course: [
      [26, 1, 62, 5.6],
      [58, -8, 54, 4.8],
      [84, -16, 36, 4]
    ]
  },
  {
    tissue: 'hepaticVein',
    course: [
      [23, 8, 62, 5],
      [42, 32, 52, 4.6],
      [56, 50, 28, 3.8]
    ]
  },
  {
    tissue: 'hepaticVein',
    course: [
      [16, 8, 62, 4.6],
      [-4, 40, 54, 4],
      [-22, 56, 44, 3.2]
    ]
  }
];

/**
 * The trees of portal and hepatic veins: from their roots they fork, thinner each time, towards where there is liver.
 * `depth` is negative inside the liver.
 */
export function intrahepaticVessels(liver: Shape, seed: number): VesselPiece[] {
  const random = Random.for(seed, 'vessels');
  const pieces: VesselPiece[] = [];
  const add = (tissue: TissueName, from: Point, to: Point, thick: number, thin: number): void => {
    pieces.push({ tissue, from, to, radius: (thick + thin) / 2, shape: capsule(from, to, thick, thin) });
  };
  const grow = (tissue: TissueName, from: Point, direction: Point, radius: number): void => {
    if (radius < 0.9) return;
    const length = random.between(9, 15) * (0.7 + radius * 0.12);
    for (let attempt = 0; attempt < 8; attempt++) {
      const [x, y, z] = turned(random, direction, attempt === 0 ? 0.12 : 0.35 + 0.12 * attempt);
      const to: Point = [from[0] + length * x, from[1] + length * y, from[2] + length * z];
      if (liver(to[0], to[1], to[2]) > -radius - 3) continue;
      const thin = radius * 0.88;
      add(tissue, from, to, radius, thin);
      const share = random.between(0.62, 0.82);
      grow(tissue, to, turned(random, [x, y, z], 0.3), thin * 0.9);
      grow(tissue, to, turned(random, [x, y, z], 1), thin * share);
      return;
    }
  };
  for (const { tissue, course } of ROOTS) {
    course.forEach((to, index) => {
      const from = course[index - 1];
      if (from === undefined) return;
      const a: Point = [from[0], from[1], from[2]];
      const b: Point = [to[0], to[1], to[2]];
      add(tissue, a, b, from[3], to[3]);
      const along = unit([b[0] - a[0], b[1] - a[1], b[2] - a[2]]);
      if (index > 1 || course.length === 2) grow(tissue, b, turned(random, along, 0.3), to[3] * 0.85);
      grow(tissue, b, turned(random, along, 1.1), to[3] * 0.65);
    });
  }
  return pieces;
}

/** A direction at about `spread` from another. */
function turned(random: Random, [x, y, z]: Point, spread: number): Point {
  const [a, b, c] = random.direction();
  return unit([x + spread * a, y + spread * b, z + spread * c]);
}

function unit([x, y, z]: Point): Point {
  const size = Math.sqrt(x * x + y * y + z * z);
  return [x / size, y / size, z / size];
}
