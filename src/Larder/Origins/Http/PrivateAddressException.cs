using System.Net;

namespace Larder.Origins.Http;

/// <summary>A name leads to an address that a caller's reference may not reach.</summary>
internal sealed class PrivateAddressException(IPAddress address) : IOException(address.ToString());
