using System.Globalization;
using Grants.Domain.Disbursements;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Access;
using Marten;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Control;

/// <summary>
/// Whether people allow a payment: within the limits of its token, and signed for by as many persons as its amount asks. A signature
/// counts only while its account is an approver's, and only for the very order that was signed; a contract wallet's, while the wallet
/// says so (ERC-1271).
/// </summary>
public sealed class PaymentRules(IOptionsMonitor<AccessOptions> access, AccountSignatures signatures, TimeProvider clock)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What an approver signs.</summary>
    public static TypedData Approval(TreasuryOrder order)
    {
        var data = order.ToTyped();
        return TypedData.Of(
            new TypedDataDomain(Domain.TypedStruct.DomainName, Domain.TypedStruct.DomainVersion, order.ChainId),
            data.Name,
            [.. data.Members.Select(member => (member.Name, member.Type, member.Value))]);
    }

    /// <summary>Of orders that are to be paid one after the other, why each may not; null where it may.</summary>
    public async Task<IReadOnlyList<(Disbursement Order, string? Refusal)>> CheckAsync(
        IQuerySession session, IReadOnlyList<Disbursement> orders, TreasuryControl? control, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var spent = new List<Spent>();
        if (orders.Any(state => control?.LimitsOf(state.Order.Token, now) is not null))
            spent.AddRange(await SpentAsync(session, now - Day, cancellation));
        var checkedOrders = new List<(Disbursement, string?)>();
        foreach (var state in orders)
        {
            var order = state.Order;
            var refusal = order.IsPayment && control?.LimitsOf(order.Token, now) is { } limits
                ? await AgainstAsync(state, limits, spent, cancellation)
                : null;
            if (refusal is null && order.IsPayment)
                spent.Add(Spent.Of(state));
            checkedOrders.Add((state, refusal));
        }

        return checkedOrders;
    }

    /// <summary>Why an order may not be paid whatever else is: its own limit, and who signed for it. Null where it may.</summary>
    public async Task<string?> AgainstAsync(Disbursement state, TreasuryControl? control, CancellationToken cancellation) =>
        state.Order.IsPayment && control?.LimitsOf(state.Order.Token, clock.GetUtcNow()) is { } limits
            ? await AgainstAsync(state, limits, [], cancellation)
            : null;

    private async Task<string?> AgainstAsync(
        Disbursement state,
        TreasuryLimits limits,
        List<Spent> spent,
        CancellationToken cancellation)
    {
        var order = state.Order;
        var ofToken = spent.Where(payment => payment.Token == order.Token).ToList();
        var toReceiver = Sum(ofToken.Where(payment => payment.Receiver == order.Receiver));
        var ofProgram = Sum(ofToken.Where(payment => limits.IsOneProgram(
            payment.Program, payment.Space, state.Program, state.Space)));
        if (limits.Against(order.Amount, toReceiver, ofProgram, Sum(ofToken)) is { } over)
            return over;
        var needed = limits.ApprovalsFor(order.Amount);
        var given = needed == 0 ? 0 : await PersonsForAsync(state, cancellation);
        return given >= needed ? null : string.Create(CultureInfo.InvariantCulture, $"ApprovalsMissing({given} of {needed})");
    }

    private async Task<int> PersonsForAsync(Disbursement state, CancellationToken cancellation)
    {
        var digest = Approval(state.Order).Digest();
        var persons = new HashSet<string>(StringComparer.Ordinal);
        foreach (var approval in state.Approvals.Where(approval => approval.Digest == digest
            && access.CurrentValue.ApproverOf(approval.Account) == approval.Person))
        {
            var (_, refusal) = await signatures.VerifyAsync(approval.Account, digest, approval.Signature, null, cancellation);
            if (refusal is null)
                persons.Add(approval.Person);
        }

        return persons.Count;
    }

    private static async Task<IEnumerable<Spent>> SpentAsync(
        IQuerySession session, DateTimeOffset since, CancellationToken cancellation)
    {
        var states = await session.Query<Disbursement>()
            .Where(state => state.AnyTenant() && state.AssignedAt >= since
                && (state.State == DisbursementState.Assigned || state.State == DisbursementState.Finalized))
            .ToListAsync(cancellation);
        return states.Where(state => state.Order.IsPayment).Select(Spent.Of);
    }

    private static UInt256 Sum(IEnumerable<Spent> payments) =>
        payments.Aggregate(UInt256.Zero, (sum, payment) => sum + payment.Amount);

    private readonly record struct Spent(Address Token, Address Receiver, string Program, string Space, UInt256 Amount)
    {
        public static Spent Of(Disbursement state) =>
            new(state.Order.Token, state.Order.Receiver, state.Program, state.Space, state.Order.Amount);
    }
}
