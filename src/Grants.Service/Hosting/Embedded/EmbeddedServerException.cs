namespace Grants.Service.Hosting.Embedded;

/// <summary>An embedded server can't run. The message says what to do about it.</summary>
public class EmbeddedServerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The programs are missing and could not be restored.</summary>
public sealed class PackagesMissingException(string message, Exception? inner = null) : EmbeddedServerException(message, inner);

/// <summary>Another live service uses the data directory.</summary>
public sealed class DataDirectoryInUseException(string directory, int? processId)
    : EmbeddedServerException(
        $"The data directory {directory} is in use by {(processId is { } pid ? $"process {pid}" : "another process")}. "
        + "Stop that service, or choose another data directory.")
{
    public int? ProcessId { get; } = processId;
}
