import { hashAuthorization as hashByEthers, SigningKey, Transaction } from 'ethers';
import { getAddress, keccak256, parseTransaction, recoverTransactionAddress } from 'viem';
import { privateKeyToAccount, sign } from 'viem/accounts';
import { hashAuthorization } from 'viem/utils';

const TYPES = { legacy: 0, eip2930: 1, eip1559: 2, eip7702: 4 };

const text = (value) => (value === null || value === undefined ? null : value.toString());

// Sign, read back, and tell what was read, by each implementation for itself.
export const signTransaction = (request) => ({
  viem: () => byViem(request),
  ethers: () => byEthers(request),
});

async function byViem({ type, key, transaction: t, authorizations, raw: theirs }) {
  const account = privateKeyToAccount(key);
  const authorizationList = [];
  for (const { key: authority, chainId, address, nonce } of authorizations) {
    const authorization = { chainId: Number(chainId), address, nonce: Number(nonce) };
    const signature = await sign({ hash: hashAuthorization(authorization), privateKey: authority });
    authorizationList.push({ ...authorization, ...signature });
  }
  const fees =
    type === 'legacy' || type === 'eip2930'
      ? { gasPrice: BigInt(t.gasPrice) }
      : { maxPriorityFeePerGas: BigInt(t.maxPriorityFeePerGas), maxFeePerGas: BigInt(t.maxFeePerGas) };
  const raw = await account.signTransaction({
    type,
    chainId: t.chainId === null ? undefined : Number(t.chainId),
    nonce: Number(t.nonce),
    ...fees,
    gas: BigInt(t.gasLimit),
    to: t.to ?? undefined,
    value: BigInt(t.value),
    data: t.data,
    ...(type === 'legacy' ? {} : { accessList: t.accessList }),
    ...(type === 'eip7702' ? { authorizationList } : {}),
  });
  const read = parseTransaction(theirs);
  return {
    raw,
    hash: keccak256(raw),
    from: await recoverTransactionAddress({ serializedTransaction: theirs }),
    read: {
      chainId: text(read.chainId),
      nonce: text(read.nonce ?? 0),
      gasLimit: text(read.gas ?? 0n),
      to: read.to ? getAddress(read.to) : null,
      value: text(read.value ?? 0n),
      data: read.data ?? '0x',
      gasPrice: type in { legacy: 1, eip2930: 1 } ? text(read.gasPrice ?? 0n) : null,
      maxFeePerGas: type in { eip1559: 1, eip7702: 1 } ? text(read.maxFeePerGas ?? 0n) : null,
      maxPriorityFeePerGas: type in { eip1559: 1, eip7702: 1 } ? text(read.maxPriorityFeePerGas ?? 0n) : null,
    },
  };
}

function byEthers({ type, key, transaction: t, authorizations, raw: theirs }) {
  const transaction = Transaction.from({
    type: TYPES[type],
    chainId: BigInt(t.chainId ?? 0),
    nonce: Number(t.nonce),
    gasLimit: BigInt(t.gasLimit),
    to: t.to,
    value: BigInt(t.value),
    data: t.data,
    ...(t.gasPrice === null
      ? { maxPriorityFeePerGas: BigInt(t.maxPriorityFeePerGas), maxFeePerGas: BigInt(t.maxFeePerGas) }
      : { gasPrice: BigInt(t.gasPrice) }),
    ...(type === 'legacy' ? {} : { accessList: t.accessList }),
    ...(type === 'eip7702' ? { authorizationList: authorizations.map(authorize) } : {}),
  });
  transaction.signature = new SigningKey(key).sign(transaction.unsignedHash);
  const read = Transaction.from(theirs);
  return {
    raw: transaction.serialized,
    hash: transaction.hash,
    from: read.from,
    read: {
      chainId: read.chainId === 0n ? null : text(read.chainId),
      nonce: text(read.nonce),
      gasLimit: text(read.gasLimit),
      to: read.to,
      value: text(read.value),
      data: read.data,
      gasPrice: type in { legacy: 1, eip2930: 1 } ? text(read.gasPrice) : null,
      maxFeePerGas: text(read.maxFeePerGas),
      maxPriorityFeePerGas: text(read.maxPriorityFeePerGas),
    },
  };
}

function authorize({ key, chainId, address, nonce }) {
  const authorization = { address, chainId: BigInt(chainId), nonce: BigInt(nonce) };
  return { ...authorization, signature: new SigningKey(key).sign(hashByEthers(authorization)) };
}
