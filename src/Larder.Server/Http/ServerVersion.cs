using System.Reflection;

namespace Larder.Server.Http;

/// <summary>The version of this server, as it tells it: <c>1.2.3+commit</c>.</summary>
internal static class ServerVersion
{
    public static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";
}
