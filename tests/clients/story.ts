// The worked example of schema/graphql/README.md, whichever client speaks: sign in, submit, vote, watch, be paid.
import { readFile } from 'node:fs/promises';
import type { PrivateKeyAccount } from 'viem/accounts';

/** What a client must be able to do. Operations are files of schema/graphql/operations. */
export interface Api {
  ask(operation: string, variables: object, token?: string): Promise<any>;
  /** Each message with its place: the variable fromSequence of whoever goes on after an interruption. */
  watch(operation: string, variables: object): AsyncIterable<{ data: any, sequence: number }>;
}

export interface People {
  applicant: PrivateKeyAccount;
  voter: PrivateKeyAccount;
  manager: PrivateKeyAccount;
  programId: string;
}

export const textOf = (operation: string): Promise<string> =>
  readFile(new URL(`../../schema/graphql/operations/${operation}.graphql`, import.meta.url), 'utf8');

/** Every mutation has one input and one payload: a refusal is data, with a code to match on. */
async function mutate(api: Api, operation: string, input: object, token?: string): Promise<any> {
  const data = await api.ask(operation, { input: { clientMutationId: crypto.randomUUID(), ...input } }, token);
  const payload = data[operation[0].toLowerCase() + operation.slice(1)];
  if (payload.userErrors.length > 0)
    throw Object.assign(new Error(payload.userErrors[0].message), { code: payload.userErrors[0].code });
  return payload;
}

/** The service gives the message (EIP-4361), the wallet signs it, the token is the session. */
async function signIn(api: Api, account: PrivateKeyAccount): Promise<string> {
  const { signIn: asked } = await mutate(api, 'RequestSignIn', { account: account.address });
  const signature = await account.signMessage({ message: asked.message });
  return (await mutate(api, 'SignIn', { message: asked.message, signature })).session.token;
}

/** What is not ready yet, such as voting power that is still being read, is asked for again. */
async function untilReady<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (problem: any) {
      if (attempt === 60 || !['POWER_NOT_INDEXED', 'POWER_NOT_READABLE', 'CHAIN_NOT_READY'].includes(problem.code))
        throw problem;
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  }
}

export async function play(api: Api, people: People, say: (line: string) => void): Promise<void> {
  const { applicant, voter, manager, programId } = people;

  const token = await signIn(api, applicant);
  say(`signed in as ${applicant.address}`);

  const { proposal: { proposalId } } = await mutate(api, 'DraftProposal', {
    programId, title: 'A thing', body: 'Why **not**.', requestedAmount: '1000', recipient: applicant.address,
  }, token);
  await mutate(api, 'SubmitProposal', { proposalId }, token);
  say(`submitted ${proposalId}`);

  const managers = await signIn(api, manager);
  const { proposal: { vote: { voteId } } } = await untilReady(() => mutate(api, 'OpenVoting', { proposalId }, managers));
  say(`the vote ${voteId} is open`);

  // Typed data from the service, signed by the wallet (EIP-712): the signature is the authority, no session is needed.
  const { ballotTypedData } = await api.ask('BallotTypedData', { voteId, voter: voter.address, choice: '1', reason: 'It is good.' });
  const { domain, types: { EIP712Domain, ...types }, primaryType, message } = JSON.parse(ballotTypedData);
  const signature = await voter.signTypedData({ domain, types, primaryType, message });
  const tallies = api.watch('TallyChanged', { voteId })[Symbol.asyncIterator]();
  await tallies.next();
  const { ballot } = await mutate(api, 'CastBallot', { ballot: { ...message, expiresAt: Number(message.expiresAt) }, signature });
  say(`the ballot is leaf ${ballot.logIndex} of the log, under the signed root ${ballot.treeHead.root}`);

  // Every change of the tally, until the vote is closed.
  let tally: any;
  for (let next = await tallies.next(); !next.done; next = await tallies.next())
    say(`tally: ${(tally = next.value.data.tallyChanged).voters} voters, ${tally.reason}`);
  if (tally?.voters !== 1)
    throw new Error('The ballot was not seen in the tally.');

  // The award follows from the vote.
  let award: any;
  for (let attempt = 1; ; attempt++) {
    ({ award } = await api.ask('Award', { proposalId }));
    if (award)
      break;
    if (attempt === 60)
      throw new Error('There is no award.');
    await new Promise(resolve => setTimeout(resolve, 500));
  }

  await bePaid(api, award.awardId, say);
}

/** Later than that, nobody who reads an example waits for a tranche. */
const PATIENCE_SECONDS = 3_600;

/**
 * Who is paid watches the award, from its begin: what it vests, what was paid, and what stands against the next release. A client that was
 * cut off gives the last sequence that it saw, and misses nothing. The treasury pays by itself when a tranche is due, and it counts as paid
 * when the vault's event is final.
 */
async function bePaid(api: Api, awardId: string, say: (line: string) => void): Promise<void> {
  const changes = api.watch('AwardChanged', { awardId, fromSequence: 0 })[Symbol.asyncIterator]();
  for (let next = await changes.next(); !next.done; next = await changes.next()) {
    const { data, sequence } = next.value;
    const { released, amount, refusalToPay, nextDueAt } = data.awardChanged;
    if (!(sequence > 0))
      throw new Error('The message does not say its sequence.');
    say(`award ${awardId}, event ${sequence}: ${released} of ${amount} paid, ${refusalToPay ?? 'next'} ${nextDueAt ?? ''}`);
    if (BigInt(released) > 0n) {
      const { award } = await api.ask('AwardReleases', { awardId });
      for (const { tranche, amount: paid, releasedAt } of award.releases.filter((release: any) => release.releasedAt))
        say(`paid ${paid} of tranche ${tranche} in ${releasedAt.transactionHash}`);
      return;
    }
    if (nextDueAt && Number(nextDueAt) > Date.now() / 1_000 + PATIENCE_SECONDS) {
      say(`the first tranche is due at ${new Date(Number(nextDueAt) * 1_000).toISOString()}`);
      return;
    }
  }
  throw new Error('The award was not paid.');
}
