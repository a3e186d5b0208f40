using Larder.Content;
using Larder.Server.Configuration;
using Larder.Server.Http;
using Larder.Server.Runtimes;

namespace Larder.Server.Models;

/// <summary>What can be told of a served model at one moment.</summary>
internal sealed record ModelState
{
    /// <summary>Its settings.</summary>
    public required ServedModel Model { get; init; }

    /// <summary><c>not_stored</c>, <c>stored</c>, <c>loading</c>, <c>loaded</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The version that answers, or that is stored; null when none is.</summary>
    public Digest? Version { get; init; }

    /// <summary>The version that answered before, while it is loaded still.</summary>
    public Digest? Previous { get; init; }

    /// <summary>A newer version that is being loaded or could not be.</summary>
    public Digest? Next { get; init; }

    /// <summary>Why that could not be; null while it is being loaded.</summary>
    public Problem? NextFailure { get; init; }

    /// <summary>Why the model cannot be used now; null when it can.</summary>
    public Problem? Failure { get; init; }

    /// <summary>Until when it is not tried again; null when nobody knows.</summary>
    public DateTimeOffset? FailedUntil { get; init; }

    /// <summary>Why its origin could not be asked the last time; null when it answered.</summary>
    public Problem? OriginFailure { get; init; }

    /// <summary>What it is, while it is loaded.</summary>
    public ModelDescription? Loaded { get; init; }

    /// <summary>Whether its files are pinned.</summary>
    public bool IsPinned { get; init; }

    /// <summary>When it was last asked for, by this server or, to the minute, by others with its store.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>When its origin last said that this is the present version.</summary>
    public DateTimeOffset? Checked { get; init; }

    /// <summary>Bytes of its files; null when they are not stored.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes that it takes in memory; null when it is not loaded.</summary>
    public long? MemoryBytes { get; init; }
}
