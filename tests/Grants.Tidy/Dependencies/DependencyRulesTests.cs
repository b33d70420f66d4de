using Xunit;

namespace Grants.Tidy.Dependencies;

public sealed class DependencyRulesTests
{
    private static readonly HashSet<string> None = [];

    [Theory]
    [InlineData("Grants.Domain", """<ProjectReference Include="..\E\Grants.Ethereum.csproj" />""", "references Grants.Ethereum")]
    [InlineData("Grants.Ethereum", """<ProjectReference Include="../D/Grants.Domain.csproj" />""", "references Grants.Domain")]
    [InlineData("Grants.Primitives", """<ProjectReference Include="../D/Grants.Domain.csproj" />""", "may only reference nothing")]
    [InlineData("Grants.Domain", """<PackageReference Include="Marten" />""", "the package Marten")]
    [InlineData("Grants.Extra", "", "does not know")]
    public void a_reference_against_the_direction_is_found(string project, string item, string told) =>
        Assert.Contains(told, Assert.Single(Parse(project, item).Findings()), StringComparison.Ordinal);

    [Fact]
    public void an_analyzer_is_no_package_of_the_domain()
    {
        Assert.Empty(Parse("Grants.Domain", """<PackageReference Include="Analyzers" PrivateAssets="all" />""").Findings());
        Assert.Empty(Parse("Grants.Domain", """<ProjectReference Include="../Grants.Primitives/Grants.Primitives.csproj" />""").Findings());
    }

    [Fact]
    public void an_assembly_beyond_the_framework_is_found()
    {
        string[] references = ["System.Runtime", "Grants.Primitives", "Npgsql"];
        var told = Assert.Single(DomainRules.References("Grants.Domain", references, ["Grants.Primitives"]));
        Assert.Contains("Npgsql", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(Samples.FloatingField), "System.Double")]
    [InlineData(typeof(Samples.FloatingLocal), "System.Single")]
    [InlineData(typeof(Samples.FloatingCast), "System.Double")]
    [InlineData(typeof(Samples.ClockReader), "System.DateTimeOffset.get_UtcNow")]
    [InlineData(typeof(Samples.ClockInLambda), "System.DateTime.get_Now")]
    [InlineData(typeof(Samples.Waiter), "System.Threading.Tasks.Task")]
    [InlineData(typeof(Samples.Chooser), "System.Guid.NewGuid")]
    [InlineData(typeof(Samples.FileReader), "System.IO.File")]
    public void an_impure_type_is_found(Type type, string used)
    {
        var told = DomainRules.Purity(Sample(type)).ToList();
        Assert.Contains(told, finding => finding.StartsWith($"{type.FullName} uses {used}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(Samples.Pure))]
    [InlineData(typeof(Samples.Adder))]
    public void a_pure_type_is_not_found(Type type) => Assert.Empty(DomainRules.Purity(Sample(type)));

    [Fact]
    public void nested_and_generated_types_count_as_the_type_around_them()
    {
        Assert.Contains(typeof(Samples.Pure).FullName!, Sample(typeof(Samples.Chooser)).Single().Types);
        Assert.DoesNotContain(Here(), type => type.Name.Contains('<', StringComparison.Ordinal));
    }

    [Fact]
    public void an_arrow_between_features_of_the_domain_is_found_and_one_to_the_root_is_not()
    {
        var arrows = Arrows.Between([Using("D.Awards.Award", "D.Vesting.Curve"), Using("D.Awards.Award", "D.Decision")], "D");
        var told = Assert.Single(DomainRules.Isolation(arrows));
        Assert.Contains("D.Awards.Award uses D.Vesting.Curve", told, StringComparison.Ordinal);
    }

    [Fact]
    public void the_root_of_the_domain_may_not_know_a_feature() =>
        Assert.Single(DomainRules.Isolation(Arrows.Between([Using("D.Decision", "D.Awards.Award")], "D")));

    [Fact]
    public void a_circle_is_told_with_the_two_types_that_close_it()
    {
        CompiledType[] types =
        [
            Using("Grants.Service.A.One", "Grants.Service.B.Two"), Using("Grants.Service.B.Two", "Grants.Service.C.Deep.Three"),
            Using("Grants.Service.C.Other", "Grants.Service.A.One"), Using("Grants.Service.Z.Last", "Grants.Service.A.One"),
        ];
        var told = Assert.Single(ServiceRules.Circles(ServiceRules.Between(types, new HashSet<string>())));
        Assert.Contains("A -> B -> C -> A", told, StringComparison.Ordinal);
        Assert.Contains("Grants.Service.C.Other closes by using Grants.Service.A.One", told, StringComparison.Ordinal);
    }

    [Fact]
    public void arrows_without_a_circle_are_listed_in_order()
    {
        CompiledType[] types =
        [
            Using("Grants.Service.B.Two", "Grants.Service.C.Three"), Using("Grants.Service.A.One", "Grants.Service.B.Two"),
            Using("Grants.Service.A.Uno", "Grants.Service.C.Three"), Using("Grants.Service.A.Ein", "Grants.Service.B.Two"),
            Using("Grants.Service.A.One", "Grants.Service.Root"), Using("Other.X", "Grants.Service.A.One"),
        ];
        var arrows = ServiceRules.Between(types, new HashSet<string>());
        Assert.Empty(ServiceRules.Circles(arrows));
        Assert.Equal("A -> B\nA -> C\nB -> C", ServiceRules.Listing(arrows));
    }

    [Fact]
    public void the_outermost_types_make_no_arrows_but_nobody_may_use_them()
    {
        var outermost = new HashSet<string> { "Grants.Service.Hosting.App" };
        CompiledType[] types = [Using("Grants.Service.Hosting.App", "Grants.Service.A.One"), Using("Grants.Service.A.One")];
        Assert.Empty(ServiceRules.Between(types, outermost));
        Assert.Empty(ServiceRules.Uses(types, outermost));

        CompiledType[] bad = [types[0], Using("Grants.Service.A.One", "Grants.Service.Hosting.App")];
        Assert.Single(ServiceRules.Uses(bad, outermost));
        Assert.Contains("does not exist", Assert.Single(ServiceRules.Uses([types[1]], outermost)), StringComparison.Ordinal);
    }

    private static ProjectFile Parse(string name, string item) =>
        ProjectFile.Parse($"src/{name}/{name}.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>");

    private static CompiledType Using(string name, params string[] used) => new(name, used.ToHashSet(), None, None);

    private static IEnumerable<CompiledType> Sample(Type type) =>
        Here().Where(compiled => compiled.Name == type.FullName);

    private static IReadOnlyList<CompiledType> Here() => CompiledType.Read(typeof(DependencyRulesTests).Assembly.Location);
}
