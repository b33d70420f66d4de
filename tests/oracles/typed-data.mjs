import { TypedDataEncoder } from 'ethers';
import { hashDomain, hashStruct, hashTypedData } from 'viem';

const toValue = (types, type, json) => {
  const array = /^(.*)\[\d*\]$/.exec(type);
  if (array) return json.map((item) => toValue(types, array[1], item));
  if (types[type])
    return Object.fromEntries(types[type].map((field) => [field.name, toValue(types, field.type, json[field.name])]));
  return /^u?int/.test(type) ? BigInt(json) : json;
};

// Takes the JSON of eth_signTypedData_v4. ethers finds the primary type by itself.
export const typedDataHash = ({ json }) => {
  const { types, primaryType, domain, message: raw } = JSON.parse(json);
  const message = toValue(types, primaryType, raw);
  const { EIP712Domain, ...structs } = types;
  return {
    viem: () => ({
      digest: hashTypedData({ types, primaryType, domain, message }),
      domainSeparator: hashDomain({ domain, types }),
      structHash: hashStruct({ data: message, primaryType, types }),
    }),
    ethers: () => ({
      digest: TypedDataEncoder.hash(domain, structs, message),
      domainSeparator: TypedDataEncoder.hashDomain(domain),
      structHash: TypedDataEncoder.from(structs).hash(message),
    }),
  };
};
