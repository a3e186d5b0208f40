using Larder.Server.Configuration;

namespace Larder.Server.Models;

/// <summary>A served model: its settings, which version answers, and when its origin is asked for a newer one.</summary>
/// <remarks>
/// Safe for concurrent use. <see cref="Now"/> is replaced as a whole: a request reads it once, and is answered by the one version
/// that it finds there.
/// </remarks>
internal sealed class ModelStanding(ServedModel settings, string content)
{
    // Long enough that the pauses of a working day do not make somebody wait, short enough that nobody's origin is asked all
    // night for models that were tried once.
    private static readonly TimeSpan LeastUseWindow = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private volatile Standing _now = new();
    private long _lastUsed;
    private long _expectedSince;

    /// <summary>What the configuration says of it.</summary>
    public ServedModel Settings => settings;

    /// <summary>Tells its settings from others by which it would be another model.</summary>
    public string Content => content;

    /// <summary>How it stands.</summary>
    public Standing Now => _now;

    /// <summary>Held by who asks its origin: one at a time.</summary>
    public SemaphoreSlim Asking { get; } = new(1);

    /// <summary>Whether its versions are followed here; else each request decides by what is stored.</summary>
    /// <remarks>Where nothing is ever fresh, each request wants to ask the origin itself.</remarks>
    public bool IsFollowed { get; } =
        settings is { Revalidate: RevalidateMode.Background, Pull: { Offline: false, Digest: null } pull }
        && pull.FreshFor > TimeSpan.Zero;

    /// <summary>When it was last asked for; null when it never was.</summary>
    public DateTimeOffset? LastUsed =>
        Volatile.Read(ref _lastUsed) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether its origin is worth being asked before anybody wants it.</summary>
    public bool IsInUseAt(DateTimeOffset now) => settings.Warm || IsWithinWindow(Volatile.Read(ref _lastUsed), now);

    /// <summary>Treats it as in use, since it was loaded for uses that are expected.</summary>
    public void Expect(DateTimeOffset now) => Volatile.Write(ref _expectedSince, now.UtcTicks);

    /// <summary>Notes a use, and says what the runtime is to be asked for.</summary>
    /// <param name="now">The time.</param>
    /// <param name="version">The version that answers; null when the request is to find one out for itself.</param>
    public ServedModel Use(DateTimeOffset now, out ServedVersion? version)
    {
        var before = Volatile.Read(ref _lastUsed);
        // To the second: a cache line that every request writes to would be what they wait for.
        if (now.UtcTicks - before is >= TimeSpan.TicksPerSecond or < 0)
            Volatile.Write(ref _lastUsed, now.UtcTicks);
        var standing = _now;
        version = standing.Answer;
        if (version is null)
            return settings;
        if (version.IsRetained || version.IsFreshAt(now))
            return version.Model;
        // Else nobody asked its origin for longer than its users accept, or it refused: this request asks, and is told.
        // It would be told of a newer version that is known to be of no use, where there is one.
        if (settings.Warm || standing.NextFailure is not null || IsWithinWindow(before, now))
        {
            if (standing.AskFailure is not { } failure)
                return version.Model;
            if (failure.IsOutage && settings.Pull.StaleIfError)
                return version.Stale;
        }
        version = null;
        return settings;
    }

    /// <summary>Takes what a request came to for the version that answers from now on.</summary>
    public void Learn(ServedVersion version, DateTimeOffset askAt) =>
        Change(now =>
            now.Answer is { } answer && answer.IsSameAs(version) && answer.Checked >= version.Checked
                ? now
                : now with
                {
                    Answer = version,
                    AskFailure = null,
                    AskFailures = 0,
                    AskAt = askAt,
                }
        );

    /// <summary>Notes that the origin was asked and what it said.</summary>
    public void Asked(ServedVersion version, DateTimeOffset askAt) =>
        Change(now =>
            (now.Answer is { } answer && answer.IsSameAs(version))
                ? now with
                {
                    Answer = answer with { Checked = version.Checked, IsFixed = version.IsFixed },
                    Next = null,
                    NextFailure = null,
                    AskFailure = null,
                    AskFailures = 0,
                    AskAt = askAt,
                }
                : now with
                {
                    Next = version,
                    NextFailure = now.Next?.IsSameAs(version) == true ? now.NextFailure : null,
                    AskFailure = null,
                    AskFailures = 0,
                    AskAt = askAt,
                }
        );

    /// <summary>Notes that the origin could not be asked.</summary>
    public void NotAsked(Exception failure, DateTimeOffset at, DateTimeOffset askAt) =>
        Change(now =>
            now with
            {
                AskFailure = new ModelFailure(failure, at),
                AskFailures = now.AskFailures + 1,
                AskAt = askAt,
            }
        );

    /// <summary>Notes that a model whose requests ask its origin has answered one.</summary>
    public void Reached()
    {
        if (_now.AskFailure is not null)
            Change(now => now with { AskFailure = null, AskFailures = 0 });
    }

    /// <summary>Has its origin asked at a time.</summary>
    public void AskAt(DateTimeOffset askAt) => Change(now => now with { AskAt = askAt });

    /// <summary>Makes a version the one that answers; the one before is kept until it is unloaded.</summary>
    /// <returns>The one before; null when there was none.</returns>
    public ServedVersion? Switch(ServedVersion version, bool isProven)
    {
        ServedVersion? before = null;
        Change(now =>
        {
            before = now.Answer;
            return now with
            {
                Answer = version with { IsProven = isProven },
                Previous = now.Answer,
                Next = null,
                NextFailure = null,
            };
        });
        return before;
    }

    /// <summary>Notes that a version could be loaded, so that the one before need not come back.</summary>
    public void Prove(ServedVersion version)
    {
        if (version.IsProven)
            return;
        Change(now =>
            now.Answer is { IsProven: false } answer && answer.IsSameAs(version)
                ? now with
                {
                    Answer = answer with { IsProven = true },
                    Previous = null,
                }
                : now
        );
    }

    /// <summary>Goes back to the version before one that could not be loaded; where that never answered, it stays away.</summary>
    /// <returns>Whether another answers than before.</returns>
    public bool Reject(ServedVersion version, Exception failure, DateTimeOffset at)
    {
        var isBack = false;
        Change(now =>
        {
            isBack = now.Answer?.IsSameAs(version) == true && now.Previous is not null;
            var answer = isBack ? now.Previous : now.Answer;
            return now with
            {
                // The origin was asked just now. That its newest version is of no use makes no request wait for another answer.
                Answer = answer is null ? null : answer with { Checked = version.Checked },
                Previous = isBack ? null : now.Previous,
                Next = version,
                NextFailure = new ModelFailure(failure, at),
            };
        });
        return isBack;
    }

    /// <summary>Notes that a version that answered before is unloaded.</summary>
    public void Drained(ServedVersion version) =>
        Change(now => now.Previous?.IsSameAs(version) == true ? now with { Previous = null } : now);

    /// <summary>Lets the next request find out which version answers; where the settings have changed, what answers until theirs is loaded goes on.</summary>
    public void Forget() => Change(now => now.Answer?.IsRetained == true ? now : new Standing());

    /// <summary>Lets the next request find out, if that version still answers.</summary>
    public void Forget(ServedVersion version) =>
        Change(now => now.Answer?.IsSameAs(version) == true ? new Standing() : now);

    /// <summary>Takes over how the model stood under earlier settings.</summary>
    /// <remarks>A version of another model than the settings name now goes on answering until theirs is loaded.</remarks>
    /// <param name="earlier">The model as it was.</param>
    /// <param name="askAt">When its origin is to be asked.</param>
    public void Continue(ModelStanding earlier, DateTimeOffset askAt)
    {
        Volatile.Write(ref _lastUsed, Volatile.Read(ref earlier._lastUsed));
        Volatile.Write(ref _expectedSince, Volatile.Read(ref earlier._expectedSince));
        if (earlier.Now is { Answer: { } answer, Previous: var previous })
            Change(_ => new Standing
            {
                Answer = Kept(answer),
                Previous = previous is null ? null : Kept(previous),
                AskAt = askAt,
            });

        ServedVersion Kept(ServedVersion version) =>
            version.Content == content
                ? new ServedVersion(settings, content, version.Version, version.Checked)
                {
                    IsFixed = version.IsFixed,
                    IsProven = version.IsProven,
                }
                : version with
                {
                    IsRetained = true,
                };
    }

    private void Change(Func<Standing, Standing> change)
    {
        lock (_lock)
            _now = change(_now);
    }

    private bool IsWithinWindow(long lastUsed, DateTimeOffset now)
    {
        var window = settings.Pull.FreshFor > LeastUseWindow / 3 ? settings.Pull.FreshFor : LeastUseWindow / 3;
        var last = Math.Max(lastUsed, Volatile.Read(ref _expectedSince));
        return last > 0 && (now.UtcTicks - last) / 3 < window.Ticks;
    }
}
