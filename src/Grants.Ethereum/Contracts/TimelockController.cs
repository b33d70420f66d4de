using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>The timelock of OpenZeppelin Contracts 3.3 to 5.x, which governors carry their proposals out with.</summary>
public static class TimelockController
{
    private static readonly AbiType[] OperationTypes =
        [.. new[] { "address[]", "uint256[]", "bytes[]", "bytes32", "bytes32" }.Select(AbiType.Parse)];

    /// <summary>A call of an operation waits; one log a call.</summary>
    public static readonly AbiEvent CallScheduled = AbiEvent.Parse(
        "event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, "
        + "uint256 delay)");

    /// <summary>A call of an operation was made; one log a call, all in one transaction.</summary>
    public static readonly AbiEvent CallExecuted = AbiEvent.Parse(
        "event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)");

    /// <summary>An operation was taken out.</summary>
    public static readonly AbiEvent Cancelled = AbiEvent.Parse("event Cancelled(bytes32 indexed id)");

    /// <summary>How long an operation waits at least, in seconds.</summary>
    public static readonly AbiEvent MinDelayChange = AbiEvent.Parse("event MinDelayChange(uint256 oldDuration, uint256 newDuration)");

    /// <summary>How long an operation waits at least, in seconds.</summary>
    public static readonly AbiFunction GetMinDelay = AbiFunction.Parse("function getMinDelay() view returns (uint256)");

    /// <summary>The name of an operation.</summary>
    public static readonly AbiFunction HashOperationBatch = AbiFunction.Parse(
        "function hashOperationBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt) "
        + "pure returns (bytes32)");

    /// <summary>Makes the calls of an operation whose time has come.</summary>
    public static readonly AbiFunction ExecuteBatch = AbiFunction.Parse(
        "function executeBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt) payable");

    /// <summary>Takes an operation out.</summary>
    public static readonly AbiFunction Cancel = AbiFunction.Parse("function cancel(bytes32 id)");

    /// <summary>Gives a role to an account.</summary>
    public static readonly AbiFunction GrantRole = AbiFunction.Parse("function grantRole(bytes32 role, address account)");

    /// <summary>For how long after its time a call of Compound's timelock can be made, in seconds; others do not answer.</summary>
    public static readonly AbiFunction GracePeriod = AbiFunction.Parse("function GRACE_PERIOD() view returns (uint256)");

    /// <summary>The name of an operation, as hashOperationBatch computes it. A governor's operations have no predecessor.</summary>
    public static Hash32 OperationId(
        IReadOnlyList<Address> targets, IReadOnlyList<UInt256> values, IReadOnlyList<byte[]> payloads, Hash32 predecessor, Hash32 salt) =>
        Keccak256.Hash(AbiCodec.Encode(OperationTypes, targets, values, payloads, predecessor, salt));

    /// <summary>
    /// The salt of a governor's operation. OpenZeppelin Contracts 5.x: <c>bytes20(governor) ^ descriptionHash</c>, so that governors
    /// that share a timelock do not collide; 4.x takes the description's hash itself.
    /// </summary>
    public static Hash32 SaltOf(Address governor, Hash32 descriptionHash)
    {
        var salt = descriptionHash.ToBytes();
        foreach (var (i, part) in governor.ToBytes().Index())
            salt[i] ^= part;
        return new Hash32(salt);
    }
}
