using System.Diagnostics.CodeAnalysis;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;

namespace Grants.Ethereum.Contracts.Adapters;

/// <summary>An event whose logs are read as typed values (contract ABI specification, "Events").</summary>
public abstract class LogType
{
    private protected LogType(AbiEvent declaration) => Event = declaration;

    /// <summary>The event.</summary>
    public AbiEvent Event { get; }

    /// <summary>The log as a value; null for another event and for what Solidity does not emit for this one. Throws nothing.</summary>
    public abstract ContractLog? Read(RpcLog log);

    /// <summary>Reads the values of an event, in declared order, as a typed log.</summary>
    internal static LogType<T> Of<T>(AbiEvent declaration, Func<object[], T> read)
        where T : ContractLog => new(declaration, read);
}

/// <summary>An event whose logs are read as values of one type (contract ABI specification, "Events").</summary>
public sealed class LogType<T> : LogType
    where T : ContractLog
{
    private readonly Func<object[], T> read;

    internal LogType(AbiEvent declaration, Func<object[], T> read)
        : base(declaration) => this.read = read;

    /// <summary>The log as a value. False for another event and for what Solidity does not emit for this one. Throws nothing.</summary>
    public bool TryRead(RpcLog log, [NotNullWhen(true)] out T? value)
    {
        value = Event.TryDecode(log, out var values) ? read(values) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public override ContractLog? Read(RpcLog log) => TryRead(log, out var value) ? value : null;
}
