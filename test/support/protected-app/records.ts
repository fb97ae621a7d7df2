import type { Customer } from '../../../protected-app/schemas/customer.ts';

export const ada: Customer = {
  id: '003AAAAAAAAAAAAAA1',
  name: 'Ada Byron',
  company: 'Analytical Engines',
  title: 'Mathematician',
  email: 'ada.byron@analytical.example',
  phone: '+44 20 7946 0999',
  street: '12 St James’s Square',
  postalCode: 'SW1Y 4JH',
  city: 'London',
  country: 'United Kingdom',
  modifiedAt: '2026-11-01T10:00:00.000Z',
  masked: false,
};
