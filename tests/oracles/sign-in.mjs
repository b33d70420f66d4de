import { SiweMessage } from 'siwe';

const FIELDS = [
  'scheme', 'domain', 'address', 'statement', 'uri', 'version', 'chainId', 'nonce', 'issuedAt', 'expirationTime', 'notBefore',
  'requestId', 'resources',
];

const fieldsOf = (message) => Object.fromEntries(FIELDS.map((name) => [name, message[name] ?? null]));

export const parseSignIn = ({ text }) => ({ siwe: () => fieldsOf(new SiweMessage(text)) });

// The fields that are null are not there for siwe.
export const writeSignIn = ({ fields }) => ({
  siwe: () =>
    new SiweMessage(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))).prepareMessage(),
});
