/** Where the customers are. The telephone numbers are those that each country keeps for films. */
export interface Place {
  readonly country: string;
  readonly cities: readonly (readonly [name: string, postalCode: string])[];
  readonly streets: readonly string[];
  readonly address: (street: string, number: number) => string;
  /** `#` stands for a digit. */
  readonly phone: string;
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
}

const after = (street: string, number: number) => `${street} ${number}`;
const before = (street: string, number: number) => `${number} ${street}`;

export const places: readonly Place[] = [
  {
    country: 'Germany',
    cities: [
      ['Berlin', '10115'],
      ['Hamburg', '20095'],
      ['München', '80331'],
      ['Köln', '50667'],
      ['Dresden', '01067'],
    ],
    streets: ['Hauptstraße', 'Gartenweg', 'Lindenallee', 'Am Mühlbach', 'Schillerstraße'],
    address: after,
    phone: '+49 30 23125 ###',
    firstNames: ['Jürgen', 'Annika', 'Matthias', 'Käthe', 'Björn', 'Elif', 'Lukas', 'Sabine', 'Tobias', 'Yasemin'],
    lastNames: ['Müller', 'Schröder', 'Weiß', 'Yıldız', 'Hoffmann', 'Krüger', 'Vogel', 'Böhm', 'Albrecht', 'Nowak'],
  },
  {
    country: 'France',
    cities: [
      ['Paris', '75011'],
      ['Lyon', '69002'],
      ['Nantes', '44000'],
      ['Lille', '59800'],
      ['Bordeaux', '33000'],
    ],
    streets: ['rue de la République', 'avenue Jean Jaurès', 'rue des Écoles', 'boulevard Voltaire', 'quai de la Fosse'],
    address: before,
    phone: '+33 1 99 00 ## ##',
    firstNames: ['Élodie', 'François', 'Chloé', 'Benoît', 'Amélie', 'Idriss', 'Zoé', 'Gaël', 'Inès', 'Théo'],
    lastNames: ['Lefèvre', 'Moreau', 'Benali', 'Girard', 'Dubois', 'Fontaine', 'Noël', 'Mercier', 'Traoré', 'Garçon'],
  },
  {
    country: 'United Kingdom',
    cities: [
      ['London', 'EC1A 1BB'],
      ['Leeds', 'LS1 4AP'],
      ['Bristol', 'BS1 5TR'],
      ['Glasgow', 'G2 1DY'],
      ['Cardiff', 'CF10 1EP'],
    ],
    streets: ['High Street', 'Station Road', 'Church Lane', 'Victoria Street', 'Mill Road'],
    address: before,
    phone: '+44 20 7946 0###',
    firstNames: ['Olivia', 'Rhys', 'Priya', 'Callum', 'Siân', 'Mohammed', 'Freya', 'Angus', 'Zara', 'Owen'],
    lastNames: ['O’Brien', 'Patel', 'MacLeod', 'Hughes', 'Fletcher', 'Okafor', 'Whitcombe', 'Singh', 'Barnes', 'Llewellyn'],
  },
  {
    country: 'Sweden',
    cities: [
      ['Stockholm', '111 20'],
      ['Göteborg', '411 06'],
      ['Malmö', '211 18'],
      ['Umeå', '903 26'],
      ['Västerås', '722 11'],
    ],
    streets: ['Storgatan', 'Drottninggatan', 'Kungsgatan', 'Skolgatan', 'Ängsvägen'],
    address: after,
    phone: '+46 8 465 004 ##',
    firstNames: ['Åsa', 'Örjan', 'Märta', 'Nils', 'Saga', 'Amir', 'Ebba', 'Göran', 'Linnéa', 'Viggo'],
    lastNames: ['Lindqvist', 'Åkesson', 'Bergström', 'Öberg', 'Holm', 'Sjögren', 'Haddad', 'Nyström', 'Ek', 'Dahl'],
  },
  {
    country: 'United States',
    cities: [
      ['Portland', '97205'],
      ['Austin', '78701'],
      ['Cleveland', '44114'],
      ['Raleigh', '27601'],
      ['Tucson', '85701'],
    ],
    streets: ['Maple Avenue', 'Oak Street', 'Jefferson Boulevard', 'Harbor Drive', 'Sunset Lane'],
    address: before,
    phone: '+1 202 555 01##',
    firstNames: ['Maria', 'Tyrell', 'Grace', 'Hiroshi', 'Jasmine', 'Dakota', 'Mei', 'Carlos', 'Abigail', 'Dwayne'],
    lastNames: ['Hernández', 'Johnson', 'Nguyen', 'Kowalski', 'Washington', 'Tanaka', 'Brooks', 'De la Cruz', 'Miller', 'Begay'],
  },
];

export const titles = [
  'Head of Purchasing',
  'Plant Manager',
  'Design Engineer',
  'Maintenance Lead',
  'Managing Director',
  'Buyer',
  'Production Planner',
];

export const companies = {
  first: ['Nord', 'Alpen', 'Vertex', 'Blue River', 'Kestrel', 'Orion', 'Halden', 'Meridian', 'Castor', 'Linden', 'Quarry', 'Sable'],
  second: ['Automation', 'Packaging', 'Robotics', 'Foods', 'Instruments', 'Logistics', 'Paper', 'Medical', 'Textiles', 'Energy'],
} as const;
