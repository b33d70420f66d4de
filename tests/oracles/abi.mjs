import { AbiCoder, Fragment, Interface, ParamType } from 'ethers';
import { decodeAbiParameters, encodeAbiParameters, encodeFunctionData, toEventSelector, toFunctionSelector } from 'viem';

const coder = AbiCoder.defaultAbiCoder();

// Types arrive as text; viem takes the JSON of a contract's ABI.
const parse = (types) => types.map((type) => ParamType.from(type));
const described = (params) => params.map((param) => JSON.parse(param.format('json')));

const toValue = (param, json) => {
  if (param.isArray()) return json.map((item) => toValue(param.arrayChildren, item));
  if (param.isTuple()) return json.map((item, i) => toValue(param.components[i], item));
  return /^u?int/.test(param.type) ? BigInt(json) : json;
};

const toJson = (param, value) => {
  if (param.isArray()) return Array.from(value, (item) => toJson(param.arrayChildren, item));
  if (param.isTuple()) return Array.from(value, (item, i) => toJson(param.components[i], item));
  return typeof value === 'bigint' || typeof value === 'number' ? value.toString() : value;
};

const allToJson = (params, values) => params.map((param, i) => toJson(param, values[i]));

export const abiEncode = ({ types, values }) => {
  const params = parse(types);
  const revived = params.map((param, i) => toValue(param, values[i]));
  return {
    viem: () => encodeAbiParameters(described(params), revived),
    ethers: () => coder.encode(params, revived),
  };
};

export const abiDecode = ({ types, data }) => {
  const params = parse(types);
  return {
    viem: () => allToJson(params, decodeAbiParameters(described(params), data)),
    ethers: () => allToJson(params, coder.decode(params, data)),
  };
};

// The selectors and first topics of a contract's ABI, which arrives as JSON, in its order.
export const abiSelectors = ({ abi }) => ({
  viem: () => abi.map((item) => (item.type === 'event' ? toEventSelector(item) : toFunctionSelector({ ...item, type: 'function' }))),
  ethers: () => abi.map((item) => Fragment.from(item)).map((item) => (item.type === 'event' ? item.topicHash : item.selector)),
});

// A call of the only function of an ABI.
export const abiCall = ({ abi, values }) => {
  const [item] = abi;
  const args = item.inputs.map((input, i) => toValue(ParamType.from(input), values[i]));
  return {
    viem: () => encodeFunctionData({ abi, functionName: item.name, args }),
    ethers: () => new Interface(abi).encodeFunctionData(item.name, args),
  };
};
