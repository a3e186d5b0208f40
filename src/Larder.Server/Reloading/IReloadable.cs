using Larder.Server.Configuration;

namespace Larder.Server.Reloading;

/// <summary>A part of the server that takes over changed settings while it runs; registered with the services as such.</summary>
internal interface IReloadable
{
    /// <summary>The settings that it takes over, with all below them: <c>models</c>, <c>graphs.max_bytes</c>. All others need a restart.</summary>
    IReadOnlyList<string> Settings { get; }

    /// <summary>Takes them over from a configuration without faults; what takes time goes on after the return.</summary>
    /// <remarks>Called for each change, whatever it is, by one caller at a time.</remarks>
    void Reload(LarderConfiguration configuration);
}
