using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Service.Demo;

/// <summary>A person of the story and their wallet.</summary>
public sealed record Person(string Name, PrivateKey Key)
{
    public Address Address => Key.Address;

    /// <summary>The same name has the same wallet in every run. Devnet only: anybody can compute these keys.</summary>
    public static Person Called(string name) =>
        new(name, PrivateKey.Parse(Keccak256.Hash($"Grants demo wallet of {name}").ToString()));
}

/// <summary>Everybody in the story.</summary>
public static class Cast
{
    public static Person Deployer { get; } = Person.Called("the deployer");

    public static Person Manager { get; } = Person.Called("Mia, program manager");

    public static Person Ada { get; } = Person.Called("Ada");

    /// <summary>Ada's second wallet, which she links.</summary>
    public static Person AdaCold { get; } = Person.Called("Ada's second wallet");

    public static Person Bo { get; } = Person.Called("Bo");

    public static Person Vera { get; } = Person.Called("Vera");

    public static Person Viktor { get; } = Person.Called("Viktor");

    /// <summary>Owns the contract wallet that votes.</summary>
    public static Person Council { get; } = Person.Called("the council's key");

    public static IReadOnlyList<Person> All { get; } = [Deployer, Manager, Ada, AdaCold, Bo, Vera, Viktor, Council];
}
