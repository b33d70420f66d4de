namespace Grants.Service;

/// <summary>The space that this deployment serves: one DAO or ecosystem. Setting <c>Space</c>.</summary>
public sealed class SpaceOptions
{
    public string Space { get; set; } = "metis";
}
