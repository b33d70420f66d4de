using Xunit;

namespace Grants.Tidy.Dependencies;

public sealed class DependencyTests
{
    private static readonly Lazy<IReadOnlyList<CompiledType>> Service = new(() => CompiledType.Read(Assembly("Grants.Service")));
    private static readonly Lazy<IReadOnlyList<CompiledType>> Domain = new(() => CompiledType.Read(Assembly("Grants.Domain")));

    [Fact]
    public void projects_reference_in_one_direction()
    {
        var projects = Repository.Files.Where(
            file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(projects);
        Findings.None(projects.SelectMany(file => ProjectFile.Parse(file, Repository.Text(file)!).Findings()));
    }

    [Fact]
    public void the_primitives_are_compiled_against_the_framework_and_a_hash() => Findings.None(DomainRules.References(
        "Grants.Primitives", CompiledType.References(Assembly("Grants.Primitives")), ["BouncyCastle.Cryptography"]));

    [Fact]
    public void the_domain_is_compiled_against_the_framework_and_the_primitives() => Findings.None(
        DomainRules.References("Grants.Domain", CompiledType.References(Assembly("Grants.Domain")), ["Grants.Primitives"]));

    [Fact]
    public void the_protocol_does_not_know_the_domain() =>
        Assert.DoesNotContain("Grants.Domain", CompiledType.References(Assembly("Grants.Ethereum")));

    [Fact]
    public void the_domain_knows_no_clock_no_task_and_no_floating_point() => Findings.None(DomainRules.Purity(Domain.Value));

    [Fact]
    public void no_feature_of_the_domain_knows_another() =>
        Findings.None(DomainRules.Isolation(Arrows.Between(Domain.Value, "Grants.Domain")));

    [Fact]
    public void only_the_outermost_types_know_the_outermost_types() =>
        Findings.None(ServiceRules.Uses(Service.Value, ServiceRules.Outermost));

    [Fact]
    public void the_features_of_the_service_do_not_run_in_a_circle() =>
        Findings.None(ServiceRules.Circles(ServiceRules.Between(Service.Value, ServiceRules.Outermost)));

    [Fact]
    public void the_arrows_between_the_features_of_the_service_are_approved() => Approved.Matches(
        "tests/Grants.Tidy/edges.approved.txt", ServiceRules.Listing(ServiceRules.Between(Service.Value, ServiceRules.Outermost)));

    private static string Assembly(string name) => Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
}
