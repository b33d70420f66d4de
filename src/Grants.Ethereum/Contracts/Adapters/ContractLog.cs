namespace Grants.Ethereum.Contracts.Adapters;

/// <summary>
/// A log as a typed value, by the contract ABI specification, "Events". Its parts are the parameters of its event, in their order:
/// what the comment of the event says of them holds.
/// </summary>
public abstract record ContractLog;
