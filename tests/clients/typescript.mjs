// `node --import ./typescript.mjs file.ts`: types are taken away, nothing is checked.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
