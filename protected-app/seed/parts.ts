/** A kind of part, made in every material and every size. */
export interface PartKind {
  readonly name: string;
  readonly code: string;
  readonly category: string;
  /** The price of the smallest size, in cents. */
  readonly cents: number;
  readonly materials: readonly string[];
  readonly sizes: readonly string[];
  readonly about: string;
}

const steels = ['Zinc-Plated Steel', 'Stainless A2', 'Stainless A4'];
const threads = ['M3', 'M4', 'M5', 'M6', 'M8', 'M10', 'M12', 'M16'];

export const partKinds: readonly PartKind[] = [
  {
    name: 'Hex Bolt',
    code: 'HXB',
    category: 'Fasteners',
    cents: 9,
    materials: steels,
    sizes: threads,
    about: 'Fully threaded, ISO 4017.',
  },
  {
    name: 'Cap Screw',
    code: 'CAP',
    category: 'Fasteners',
    cents: 11,
    materials: steels,
    sizes: threads,
    about: 'Hexagon socket, ISO 4762.',
  },
  {
    name: 'Lock Nut',
    code: 'NUT',
    category: 'Fasteners',
    cents: 6,
    materials: steels,
    sizes: threads,
    about: 'Nylon insert, ISO 10511.',
  },
  {
    name: 'Plain Washer',
    code: 'WSH',
    category: 'Fasteners',
    cents: 2,
    materials: steels,
    sizes: threads,
    about: 'Form A, ISO 7089.',
  },
  {
    name: 'Ball Bearing',
    code: 'BRG',
    category: 'Bearings',
    cents: 420,
    materials: ['Chrome Steel', 'Stainless 440C', 'Ceramic Hybrid'],
    sizes: ['608', '6000', '6001', '6002', '6003', '6004', '6201', '6202', '6203', '6204'],
    about: 'Single row, shielded on both sides, greased for life.',
  },
  {
    name: 'Linear Rail',
    code: 'RAL',
    category: 'Motion',
    cents: 2_900,
    materials: ['Carbon Steel', 'Stainless'],
    sizes: [
      '9 × 300 mm',
      '12 × 300 mm',
      '12 × 600 mm',
      '15 × 600 mm',
      '15 × 1000 mm',
      '20 × 1000 mm',
    ],
    about: 'Ground and drilled; carriages are sold apart.',
  },
  {
    name: 'Timing Belt',
    code: 'BLT',
    category: 'Motion',
    cents: 640,
    materials: ['Neoprene', 'Polyurethane with Steel Cord'],
    sizes: [
      'GT2 200 mm',
      'GT2 280 mm',
      'GT2 400 mm',
      'GT2 610 mm',
      'HTD-3M 450 mm',
      'HTD-5M 800 mm',
    ],
    about: 'Closed loop.',
  },
  {
    name: 'Stepper Motor',
    code: 'STP',
    category: 'Motors',
    cents: 1_800,
    materials: ['Bipolar', 'Bipolar with Brake', 'Bipolar with Encoder'],
    sizes: ['NEMA 14', 'NEMA 17', 'NEMA 17 long', 'NEMA 23', 'NEMA 23 long', 'NEMA 34'],
    about: '1.8° a step, four leads.',
  },
  {
    name: 'Proximity Sensor',
    code: 'PRX',
    category: 'Sensors',
    cents: 1_450,
    materials: ['Inductive NPN', 'Inductive PNP', 'Capacitive PNP'],
    sizes: ['M8', 'M12', 'M18', 'M30'],
    about: '10 to 30 V DC, IP67, two metres of cable.',
  },
  {
    name: 'Power Supply',
    code: 'PSU',
    category: 'Electrics',
    cents: 3_200,
    materials: ['DIN Rail', 'Open Frame'],
    sizes: ['24 V 1 A', '24 V 2.5 A', '24 V 5 A', '24 V 10 A', '48 V 5 A'],
    about: '100 to 240 V AC in; short-circuit proof.',
  },
  {
    name: 'Terminal Block',
    code: 'TRM',
    category: 'Electrics',
    cents: 85,
    materials: ['Grey', 'Blue', 'Green-Yellow'],
    sizes: ['1.5 mm²', '2.5 mm²', '4 mm²', '6 mm²', '10 mm²'],
    about: 'Push-in, for a 35 mm rail.',
  },
  {
    name: 'Pneumatic Cylinder',
    code: 'CYL',
    category: 'Pneumatics',
    cents: 2_600,
    materials: ['Single-Acting', 'Double-Acting'],
    sizes: ['16 × 25', '16 × 50', '20 × 50', '25 × 100', '32 × 100', '40 × 200'],
    about: 'Bore and stroke in mm, magnetic piston.',
  },
  {
    name: 'Tube Fitting',
    code: 'FIT',
    category: 'Pneumatics',
    cents: 140,
    materials: ['Straight', 'Elbow', 'Tee'],
    sizes: ['4 mm', '6 mm', '8 mm', '10 mm', '12 mm'],
    about: 'Push-to-connect, nickel-plated brass.',
  },
  {
    name: 'Aluminium Profile',
    code: 'PRF',
    category: 'Frames',
    cents: 780,
    materials: ['Natural', 'Black Anodised'],
    sizes: ['20 × 20 × 500', '20 × 40 × 500', '30 × 30 × 1000', '40 × 40 × 1000', '40 × 80 × 2000'],
    about: 'T-slot, sizes in mm.',
  },
];

/** An assembly: its name, and the kinds of parts that it consists of. */
export const assemblies: readonly {
  readonly name: string;
  readonly code: string;
  readonly of: readonly string[];
}[] = [
  { name: 'Linear Axis', code: 'AXS', of: ['RAL', 'BLT', 'STP', 'CAP', 'BRG'] },
  { name: 'Control Cabinet', code: 'CAB', of: ['PSU', 'TRM', 'PRX'] },
  { name: 'Machine Frame', code: 'FRM', of: ['PRF', 'HXB', 'NUT', 'WSH'] },
  { name: 'Clamping Unit', code: 'CLP', of: ['CYL', 'FIT', 'PRX', 'CAP'] },
  { name: 'Idler Set', code: 'IDL', of: ['BRG', 'HXB', 'WSH', 'NUT'] },
];
