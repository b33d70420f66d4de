using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Tokens;

/// <summary>
/// A collection of single tokens, by ERC-721: a Uniswap position, a lock. Its Transfer has the first topic of an ERC-20 transfer and
/// one topic more.
/// </summary>
public static class Erc721
{
    /// <summary>ERC-721: a token went from one account to another; the zero address as sender mints, as receiver burns.</summary>
    public static readonly AbiEvent Transfer =
        AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)");

    /// <inheritdoc cref="Transfer"/>
    public sealed record TransferLog(Address From, Address To, UInt256 TokenId) : ContractLog;

    /// <summary>ERC-721: another account may take this token; the zero address for nobody.</summary>
    public static readonly AbiEvent Approval =
        AbiEvent.Parse("event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)");

    /// <inheritdoc cref="Approval"/>
    public sealed record ApprovalLog(Address Owner, Address Approved, UInt256 TokenId) : ContractLog;

    /// <summary>ERC-721: an operator may take every token of an owner, or may not any more.</summary>
    public static readonly AbiEvent ApprovalForAll =
        AbiEvent.Parse("event ApprovalForAll(address indexed owner, address indexed operator, bool approved)");

    /// <inheritdoc cref="ApprovalForAll"/>
    public sealed record ApprovalForAllLog(Address Owner, Address Operator, bool Approved) : ContractLog;

    /// <summary>ERC-721: the owner of a token; reverts where there is none.</summary>
    public static readonly AbiFunction OwnerOf = AbiFunction.Parse("function ownerOf(uint256 tokenId) view returns (address)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Transfer, v => new TransferLog(v.Address(0), v.Address(1), v.Amount(2))),
        LogType.Of(Approval, v => new ApprovalLog(v.Address(0), v.Address(1), v.Amount(2))),
        LogType.Of(ApprovalForAll, v => new ApprovalForAllLog(v.Address(0), v.Address(1), v.Flag(2))));
}
