namespace Grants.Service.Demo;

/// <summary>A step of the story did not happen as it must.</summary>
public sealed class DemoException(string message) : Exception(message);
