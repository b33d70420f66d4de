// Answers each line of JSON on standard input by a line of JSON, in order. Integers are decimal strings, bytes hexadecimal.
import { createInterface } from 'node:readline';
import { abiCall, abiEncode, abiDecode, abiSelectors } from './abi.mjs';
import { typedDataHash } from './typed-data.mjs';
import { signTransaction } from './transactions.mjs';
import { parseSignIn, writeSignIn } from './sign-in.mjs';
import { checksum } from './addresses.mjs';
import { tally, tallyExamples } from './tally.mjs';

const answers = {
  abiCall, abiEncode, abiDecode, abiSelectors, typedDataHash, signTransaction, parseSignIn,
  writeSignIn, checksum, tally, tallyExamples,
};

// What an implementation says, or why it refuses.
const attempt = async (action) => {
  try {
    return { value: await action() };
  } catch (error) {
    return { error: String(error?.message ?? error).slice(0, 500) };
  }
};

const answer = async ({ ask, ...request }) => {
  const answered = {};
  for (const [implementation, action] of Object.entries(answers[ask](request)))
    answered[implementation] = await attempt(action);
  return answered;
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity }))
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
