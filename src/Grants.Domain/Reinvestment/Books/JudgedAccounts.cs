using System.Collections;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>
/// The accounts of a book as they are now, without liquid lots, each made when it is first asked for: most judgements look at two
/// of the four. It is good until the next flow is posted.
/// </summary>
internal sealed class JudgedAccounts(AccountBook[] books) : IReadOnlyList<Account>
{
    private readonly Account?[] made = new Account?[books.Length];

    public int Count => books.Length;

    public Account this[int index] => made[index] ??= books[index].ToAccount(withLiquidLots: false);

    public IEnumerator<Account> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
