namespace Larder.Workers.Protocol;

/// <summary>A worker wrote what the protocol does not allow. It is ended: nobody knows what its next line would answer.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
