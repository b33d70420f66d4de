import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from 'sucrase';

export async function load(url, context, next) {
  if (!url.endsWith('.ts'))
    return next(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  return { format: 'module', shortCircuit: true, source: transform(source, { transforms: ['typescript'] }).code };
}
