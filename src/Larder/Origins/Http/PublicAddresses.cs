using System.Net;
using System.Net.Sockets;

namespace Larder.Origins.Http;

/// <summary>The addresses of the public Internet; all that are this machine's, a private network's or a cloud's own are not.</summary>
/// <remarks>The blocks of RFC 6890, and the addresses under which clouds answer their machines.</remarks>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Others =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"), // shared by providers; 100.100.100.200 answers machines of Alibaba's cloud
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"), // answers machines of Azure
        IPNetwork.Parse("169.254.0.0/16"), // 169.254.169.254 answers machines of most clouds
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"), // multicast, reserved and broadcast
    ];

    /// <summary>What is routed on the Internet under version 6, but for the blocks below.</summary>
    private static readonly IPNetwork Routed = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] RoutedOthers =
    [
        IPNetwork.Parse("2001::/23"), // Teredo and other protocols' own
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"), // leads to addresses of version 4
        IPNetwork.Parse("3fff::/20"),
    ];

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Others, block => block.Contains(address))
            : Routed.Contains(address) && !Array.Exists(RoutedOthers, block => block.Contains(address));
    }
}
