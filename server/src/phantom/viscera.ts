import type { Random } from './random.js';
import {
  bounded,
  column,
  ellipsoid,
  grown,
  halfSpace,
  intersection,
  smoothIntersection,
  smoothSubtraction,
  smoothUnion,
  sphere,
  subtraction,
  tube,
  union,
  type Point,
  type Shape
} from './shapes.js';
import { SmoothField } from './smoothField.js';
import { lazily, sampledShape } from './sampledShape.js';
import { part, type Structure } from './structure.js';

/*
 * The upper abdomen of the common anatomy, in mm: x to the right of the patient, y forwards, z upwards; the origin is in
 * the middle of the trunk, the liver's dome at about z = 75. Positions follow those of a segmented real abdomen.
 */

/** Outlines that other parts of the anatomy need. */
export interface Outlines {
  readonly cavity: Shape;
  /** Below the diaphragm. */
  readonly abdomen: Shape;
  readonly liver: Shape;
  readonly lungs: Shape;
}

const GALLBLADDER = smoothUnion(
  ellipsoid([60, 62, -20], [13, 15, 19], 0.3),
  tube([
    [57, 54, -8, 9],
    [50, 42, 6, 5]
  ]),
  10
);

const STOMACH_OUTLINE = smoothUnion(
  ellipsoid([-60, 18, 52], [31, 34, 24]),
  tube([
    [-60, 24, 48, 24],
    [-62, 50, 26, 25],
    [-36, 66, 4, 21],
    [2, 62, -10, 15],
    [30, 50, -8, 10]
  ]),
  16
);

const stomachShape = lazily(() => sampledShape(STOMACH_OUTLINE, [-106, -30, -46], [52, 104, 90], 3));

/** Below the diaphragm: two domes, and between them a lower one that bears the heart. */
const abdomenShape = lazily(() => {
  const right = domed(ellipsoid([64, 4, -34], [84, 98, 110]));
  const left = domed(ellipsoid([-62, 0, -40], [86, 98, 104]));
  const middle = domed(ellipsoid([0, 34, -44], [92, 66, 106]));
  const all = smoothUnion(smoothUnion(right, left, 26), middle, 20);
  return sampledShape(all, [-168, -124, -130], [168, 124, 112], 4);
});

const KIDNEYS: readonly Kidney[] = [
  { centre: [66, -36, -24], radii: [26, 29, 50], side: 1 },
  { centre: [-74, -40, -4], radii: [27, 29, 54], side: -1 }
];

interface Kidney {
  readonly centre: Point;
  readonly radii: Point;
  readonly side: 1 | -1;
}

export function outlines(cavity: Shape): Outlines {
  const abdomen = abdomenShape();
  const mediastinum = column([-5, 8], [38, 108]);
  const lungs = intersection(
    grown(cavity, -1),
    (x, y, z) => -abdomen(x, y, z) + 3,
    (x, y, z) => -mediastinum(x, y, z),
    halfSpace([0, 0, -8], [0, 0, -1])
  );
  return { cavity, abdomen, liver: liverOutline(cavity, abdomen), lungs };
}

/** The dome goes on downwards as a column. */
function domed(dome: Shape): Shape {
  return (x, y, z) => dome(x, y, Math.max(z, -30));
}

function liverOutline(cavity: Shape, abdomen: Shape): Shape {
  const rightLobe = ellipsoid([68, 8, 6], [76, 90, 76]);
  const leftLobe = ellipsoid([0, 58, 34], [74, 40, 34], -0.08);
  const caudate = ellipsoid([14, 14, 38], [17, 15, 24]);
  const visceralSurface = halfSpace([38, 20, -26], [-0.42, -0.32, -0.85]);
  const [rightKidney] = KIDNEYS;
  const impression = rightKidney === undefined ? sphere([0, 0, -900], 1) : ellipsoid([60, -48, -24], [38, 46, 54]);
  const spineSide = ellipsoid([-14, -34, 20], [44, 40, 200]);
  let liver = smoothUnion(smoothIntersection(rightLobe, visceralSurface, 22), leftLobe, 22);
  liver = smoothSubtraction(liver, spineSide, 10);
  liver = smoothUnion(liver, caudate, 8);
  liver = smoothSubtraction(liver, impression, 10);
  liver = smoothSubtraction(liver, grown(stomachShape(), 3), 8);
  liver = smoothSubtraction(liver, grown(GALLBLADDER, 2), 5);
  liver = smoothIntersection(liver, grown(cavity, -1.5), 4);
  liver = smoothIntersection(liver, grown(abdomen, -1), 6);
  const roundLigament = ellipsoid([6, 84, 12], [3.2, 30, 26], 0.1);
  const venousLigament = ellipsoid([-6, 33, 36], [24, 2.4, 20], -0.35);
  const [low, high]: [Point, Point] = [
    [-80, -86, -76],
    [136, 104, 86]
  ];
  return bounded(
    sampledShape(smoothSubtraction(liver, union(roundLigament, venousLigament), 3), low, high, 2),
    low,
    high
  );
}

/** All organs of the trunk inside muscles and ribs, the uppermost (what hides others) first. */
export function viscera(bodies: Outlines, seed: number, random: Random): Structure[] {
  const { cavity, abdomen, lungs } = bodies;
  const below = (shape: Shape, margin: number): Shape =>
    intersection(shape, grown(cavity, -margin), grown(abdomen, -margin));
  const spleen = smoothSubtraction(
    smoothSubtraction(ellipsoid([-96, -44, 27], [35, 46, 50], 0.45), grown(stomachShape(), 4), 8),
    ellipsoid([-66, -40, -6], [33, 33, 56]),
    8
  );
  const diaphragm: Shape = (x, y, z) => Math.abs(abdomen(x, y, z) - 0.6) - 1.2;
  return [
    part('bile', grown(GALLBLADDER, -1.4)),
    part('gallbladderWall', GALLBLADDER),
    ...KIDNEYS.flatMap(kidney),
    ...adrenals(),
    part('liver', bodies.liver, 'liver'),
    part('spleen', below(spleen, 1.5)),
    ...stomach(below),
    part('pancreas', lobulated(PANCREAS)),
    ...bowel(below, seed, random),
    ...chest(lungs, cavity, abdomen, random),
    part('muscle', intersection(diaphragm, cavity)),
    ...mesentery(random)
  ];
}

const PANCREAS = tube([
  [28, 32, -24, 13],
  [24, 34, -6, 12],
  [4, 36, 6, 9],
  [-20, 30, 12, 8.5],
  [-48, 10, 20, 9],
  [-80, -12, 26, 8]
]);

function lobulated(shape: Shape): Shape {
  return (x, y, z) => (shape(x, y, z) + 1.3 * Math.sin(x / 2.6) * Math.sin(y / 2.4) * Math.sin(z / 2.9)) * 0.6;
}

function kidney({ centre: [x, y, z], radii, side }: Kidney): Structure[] {
  const outline = ellipsoid([x, y, z], radii, side * 0.5);
  const hilum = ellipsoid([x - side * 19, y + 10, z], [14, 11, 22], side * 0.5);
  const cortex = smoothSubtraction(outline, hilum, 6);
  const pyramids: Shape[] = [];
  for (let level = -3; level <= 3; level++) {
    for (const angle of [-1.7, -0.6, 0.5, 1.6]) {
      const ring = Math.sqrt(1 - (level / 4) ** 2) * 0.58;
      const at: Point = [
        x + side * radii[0] * ring * Math.cos(angle + 0.3),
        y + radii[1] * ring * Math.sin(angle),
        z + (level + 0.35 * Math.sin(angle * 3)) * 12
      ];
      pyramids.push(ellipsoid(at, [6.2, 6.6, 5]));
    }
  }
  const sinus = ellipsoid([x - side * 8, y + 4, z], [11, 9, 27], side * 0.5);
  const pelvis = tube([
    [x - side * 6, y + 3, z + 14, 3],
    [x - side * 10, y + 6, z, 5],
    [x - side * 24, y + 12, z - 14, 4],
    [x - side * 28, y + 12, z - 80, 2.4]
  ]);
  return [
    part('urine', pelvis),
    part('fat', sinus),
    part('renalMedulla', intersection(union(...pyramids), grown(cortex, -4))),
    part('renalCortex', cortex)
  ];
}

function adrenals(): Structure[] {
  const limbs: (readonly [number, number, number, number])[][] = [
    [
      [27, -8, 44, 2.4],
      [34, -24, 34, 2.2]
    ],
    [
      [27, -8, 44, 2.4],
      [30, -26, 36, 1.8]
    ],
    [
      [-40, -2, 42, 2.6],
      [-44, -20, 34, 2.2]
    ],
    [
      [-40, -2, 42, 2.6],
      [-54, -14, 32, 2.2]
    ]
  ];
  return [part('adrenal', union(...limbs.map(tube)))];
}

function stomach(below: (shape: Shape, margin: number) => Shape): Structure[] {
  const outline = stomachShape();
  const lumen = grown(outline, -4);
  // The patient lies on the back: gas gathers in front.
  const gas = intersection(lumen, halfSpace([0, 56, 0], [0, -1, 0]));
  return [
    part('gas', below(gas, 4)),
    part('gastricFluid', below(lumen, 4)),
    part('stomachWall', below(outline, 1.5)),
    part(
      'bowelWall',
      tube([
        [-10, 4, 120, 7],
        [-12, 6, 84, 7.5],
        [-34, 12, 62, 9]
      ])
    )
  ];
}

const COLON: readonly (readonly [number, number, number, number])[] = [
  [98, 12, -180, 23],
  [102, 16, -110, 22],
  [98, 28, -70, 19],
  [72, 62, -62, 18],
  [24, 78, -74, 18],
  [-34, 78, -62, 17],
  [-92, 46, -24, 17],
  [-112, 14, -8, 16],
  [-116, -16, -50, 14],
  [-112, -26, -180, 13]
];

function bowel(below: (shape: Shape, margin: number) => Shape, seed: number, random: Random): Structure[] {
  const course = tube(COLON);
  const colon: Shape = (x, y, z) =>
    (course(x, y, z) + 2.4 * Math.sin(x / 7) * Math.sin(y / 8 + 1) * Math.sin(z / 7)) * 0.62;
  const bubbles = new SmoothField(seed ^ 0x5b, 13);
  const gasIn = (lumen: Shape, level: number): Shape => {
    return intersection(lumen, (x, y, z) => (0.5 - bubbles.at(x, y, z) - (y - level) / 16) * 4);
  };
  const duodenum = tube([
    [36, 46, -8, 10],
    [46, 36, -18, 12],
    [45, 24, -60, 12],
    [14, 16, -74, 11],
    [-26, 22, -58, 11]
  ]);
  const colonLumen = grown(colon, -1.7);
  const loops = [duodenum, ...smallBowel(random)].flatMap(loop => [
    part('gas', below(gasIn(grown(loop, -2.4), 94), 4)),
    part('bowelFluid', below(grown(loop, -2.4), 4)),
    part('bowelWall', below(loop, 2))
  ]);
  return [
    part('gas', below(gasIn(colonLumen, 74), 4)),
    part('stool', below(colonLumen, 4)),
    part('bowelWall', below(colon, 2)),
    ...loops
  ];
}

/** Loops of jejunum, more to the left, below the stomach. */
function smallBowel(random: Random): Shape[] {
  const loops: Shape[] = [];
  for (let loop = 0; loop < 15; loop++) {
    let at: Point = [random.between(-82, 48), random.between(34, 74), random.between(-170, -52)];
    let angle = random.between(0, 2 * Math.PI);
    const course: [number, number, number, number][] = [[at[0], at[1], at[2], 11]];
    for (let step = 0; step < 4; step++) {
      angle += random.between(-1.3, 1.3);
      const next: Point = [
        clamp(at[0] + 26 * Math.cos(angle), -84, 56),
        clamp(at[1] + random.between(-14, 14), 30, 76),
        clamp(at[2] + 22 * Math.sin(angle), -180, -48)
      ];
      at = next;
      course.push([at[0], at[1], at[2], random.between(9.5, 12.5)]);
    }
    loops.push(tube(course));
  }
  return loops;
}

function chest(lungs: Shape, cavity: Shape, abdomen: Shape, random: Random): Structure[] {
  const heart = ellipsoid([-22, 46, 116], [60, 46, 44], -0.3);
  const aboveDiaphragm = (shape: Shape): Shape =>
    intersection(shape, grown(cavity, -2), (x, y, z) => -abdomen(x, y, z) + 2);
  const branches: Shape[] = [];
  for (let n = 0; n < 70; n++) {
    const side = n % 2 === 0 ? 1 : -1;
    const from: Point = [side * random.between(45, 80), random.between(-60, 40), 150];
    const x = side * random.between(40, 122);
    const y = random.between(-84, 70);
    const z = random.between(10, 110);
    branches.push(
      tube([
        [from[0], from[1], from[2], 3],
        [(from[0] + x) / 2 + random.between(-8, 8), (from[1] + y) / 2 + random.between(-8, 8), (150 + z) / 2, 2],
        [x, y, z, 0.7]
      ])
    );
  }
  return [
    part('heartBlood', aboveDiaphragm(grown(heart, -9))),
    part('myocardium', aboveDiaphragm(subtraction(heart, grown(heart, -9)))),
    ...branches.map(branch => part('lungVessel', intersection(branch, grown(lungs, -2)))),
    part('lung', lungs)
  ];
}

/** Small vessels and strands in the fat. */
function mesentery(random: Random): Structure[] {
  const vessels: Shape[] = [];
  for (let n = 0; n < 60; n++) {
    const z = random.between(-190, 0);
    const fan = random.between(-1.5, 1.5);
    const length = random.between(24, 52);
    const x = random.between(-30, 20);
    const y = 30 + random.between(-6, 8);
    vessels.push(
      tube([
        [x, y, z, random.between(1, 1.7)],
        [
          x + length * Math.sin(fan) * 0.6,
          y + length * Math.cos(fan) * 0.5 + random.between(-4, 4),
          z + random.between(-12, 8),
          1.1
        ],
        [x + length * 1.3 * Math.sin(fan), y + length * 0.7 * Math.cos(fan), z + random.between(-22, 10), 0.7]
      ])
    );
  }
  return vessels.map(vessel => part('venaCava', vessel));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
