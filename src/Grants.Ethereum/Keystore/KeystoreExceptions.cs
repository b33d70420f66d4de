namespace Grants.Ethereum.Keystore;

/// <summary>
/// A file is no keystore of version 3 (Web3 Secret Storage Definition) that this library opens. The message repeats nothing
/// that is secret.
/// </summary>
public sealed class KeystoreException(string message, Exception? inner = null) : FormatException(message, inner);

/// <summary>The password does not open the keystore: the mac of the Web3 Secret Storage Definition is another.</summary>
public sealed class WrongPasswordException() : Exception("The password does not open the keystore.");
