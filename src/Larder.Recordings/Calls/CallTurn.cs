using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Calls;

/// <summary>One call on its way: found among the recordings, or made and then recorded or compared.</summary>
/// <typeparam name="T">What it answers, or what the items of its stream are.</typeparam>
internal sealed class CallTurn<T>(
    CallDesk desk,
    RecordedCall call,
    RecordingRequest request,
    string method,
    IReadOnlyCollection<Assembly> known
)
{
    public RecordingRequest Request => request;

    private static string TypeName =>
        typeof(T) == typeof(Nothing) ? RecordedOutcome.Nothing : AnswerForms.NameOf(typeof(T));

    /// <summary>The recorded answer of a call that is no stream.</summary>
    /// <returns>Whether there is a recording.</returns>
    /// <exception cref="RecordingMissingException">There is none, and none may be made.</exception>
    /// <remarks>What was recorded as an error is thrown.</remarks>
    public bool TryReplay([MaybeNullWhen(false)] out T answer)
    {
        answer = default;
        if (Find() is not { } stored)
            return false;
        var outcome = stored.Outcome;
        if (outcome.Items is not null)
            throw Unfit(stored, "a stream", "one answer");
        if (outcome.Error is { } error)
        {
            Used();
            throw ReadError(stored, error);
        }
        RequireType(stored);
        answer = typeof(T) == typeof(Nothing) ? default! : Read(stored, outcome.Answer!.Value, "$.answer.value");
        Used();
        return true;
    }

    /// <summary>The recorded stream.</summary>
    /// <returns>Null when there is no recording.</returns>
    /// <exception cref="RecordingMissingException">There is none, and none may be made.</exception>
    public StoredRecording? FindStream()
    {
        if (Find() is not { } stored)
            return null;
        // A stream that failed before its first item may have been recorded by a method that is no stream; it is the same.
        if (stored.Outcome.Items is null && stored.Outcome.Error is null)
            throw Unfit(stored, "one answer", "a stream");
        if (stored.Outcome.Items is not null)
            RequireType(stored);
        Used();
        return stored;
    }

    /// <summary>One item of a recorded stream.</summary>
    public T Item(StoredRecording stored, int index) =>
        Read(stored, stored.Outcome.Items![index], $"$.stream.items[{index}]");

    /// <summary>The error that a recording ends with.</summary>
    public Exception ReadError(StoredRecording stored, JsonElement error)
    {
        try
        {
            return desk.Answers.ReadError(error, known);
        }
        catch (JsonException e)
        {
            throw Damaged(stored, "$.error", e);
        }
    }

    /// <summary>Makes what the call needs to be made, and there is a place for its recording.</summary>
    public void Prepare()
    {
        desk.RequireWritable();
        _ = call.Source?.Service;
    }

    /// <summary>Makes sure, when a stream begins, that the service will see what was asked for when it was called.</summary>
    /// <exception cref="NotRecordableException">It would be recorded as the answer to another request.</exception>
    public void RequireUnchanged()
    {
        if (desk.Requests.Of(call.Again?.Invoke() ?? call).Key.Digest != request.Key.Digest)
            throw new NotRecordableException(
                $"This call of {method} cannot be recorded: its arguments, or its deployment's configuration, have changed since the stream was asked for, and what it would answer is the answer to another request. Read the stream before they change, or give each call arguments of its own.",
                method
            );
    }

    /// <summary>Whether a failure of the call itself belongs into its recording.</summary>
    /// <remarks>What was cancelled is none, and neither is what recordings themselves refuse.</remarks>
    public bool IsRecorded(Exception failure, CancellationToken cancellationToken)
    {
        if (failure is RecordingException)
            return false;
        if (failure is not OperationCanceledException)
            return !IsCancelled(cancellationToken);
        Left("it was cancelled");
        return false;
    }

    /// <summary>Whether nothing is recorded because the call was cancelled, whatever came of it.</summary>
    /// <remarks>Some services answer with what they have so far, and some fail in words of their own.</remarks>
    public bool IsCancelled(CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
            return false;
        Left("it was cancelled");
        return true;
    }

    /// <summary>Told that nothing is recorded.</summary>
    public void Left(string reason)
    {
        desk.Counts.Left();
        // What is recorded of it, if anything is, stays needed.
        desk.Usage.Note(request.Key);
        desk.Logger.NotRecorded(method, reason);
    }

    /// <summary>Writes or compares an answer.</summary>
    public void Answered(T answer)
    {
        var attachments = new Attachments();
        var outcome = new RecordedOutcome(TypeName);
        if (typeof(T) != typeof(Nothing))
            outcome = outcome with { Answer = desk.Answers.Write(answer, attachments) };
        Ended(outcome, attachments);
    }

    /// <summary>Writes or compares an error, with the items that came before it.</summary>
    /// <remarks>The failure itself is what the caller is to see, so one that cannot be written is a warning.</remarks>
    public void Failed(Exception failure, StreamRecorder<T>? stream = null)
    {
        try
        {
            var outcome = (stream?.Outcome ?? new RecordedOutcome(TypeName)) with
            {
                Error = desk.Answers.WriteError(failure),
            };
            Ended(outcome, stream?.Attachments ?? new Attachments());
        }
        catch (RecordingDamagedException e) when (desk.Mode is RecordingMode.Compare)
        {
            // What cannot be compared must not pass for what is the same.
            desk.Add(new RecordingDrift(method, e.File, [e.Message]));
        }
        catch (RecordingException e) when (e is not (RecordingDriftException or RecordingConflictException))
        {
            if (desk.Mode is RecordingMode.Compare)
                desk.Add(
                    new RecordingDrift(
                        method,
                        desk.Directory.Path,
                        [$"{failure.GetType()} came, and could not be compared: {e.Message}"]
                    )
                );
            else
                desk.Logger.NotRecorded(method, $"its {failure.GetType()} cannot be written: {e.Message}");
        }
    }

    /// <summary>Writes or compares a stream that has come to its end.</summary>
    public void Ended(StreamRecorder<T> stream) => Ended(stream.Outcome, stream.Attachments);

    public StreamRecorder<T> NewStream() => new(desk.Answers, TypeName, call.Timing ? desk.TimeProvider : null);

    private StoredRecording? Find()
    {
        if (FindNoted() is { } stored)
            return stored;
        desk.Counts.Missed();
        return desk.Mode is RecordingMode.Replay
            ? throw new RecordingMissingException(
                MissingMessage.Of(method, desk.Directory.DescribeNearest(request), desk.Directory.Path, desk.Options),
                method
            )
            : null;
    }

    // One that cannot be used is needed all the same: pruning must not take what a merge or a missing 'git lfs pull' has spoilt.
    private StoredRecording? FindNoted()
    {
        try
        {
            var stored = desk.Directory.Find(request);
            if (stored is not null)
                desk.Usage.Note(request.Key);
            return stored;
        }
        catch (RecordingDamagedException)
        {
            desk.Usage.Note(request.Key);
            throw;
        }
    }

    private void Used() => desk.Counts.Hit();

    private void Ended(RecordedOutcome outcome, Attachments attachments)
    {
        if (desk.Mode is RecordingMode.Compare)
            Compare(outcome, attachments);
        else
            Write(outcome, attachments);
    }

    private void Write(RecordedOutcome outcome, Attachments attachments)
    {
        var replaces = desk.Mode is RecordingMode.Record;
        if (replaces && desk.WritesAgain(request.Key.Digest) && desk.Directory.Find(request) is { } written)
        {
            // A test that hears two answers would hear one of them twice in replay.
            var differences = DifferencesFrom(written, outcome, attachments);
            if (differences.Count > 0)
                throw new RecordingConflictException(method, written.File, differences);
            return;
        }
        var file = desk.Directory.Write(request, outcome, attachments.All, replaces);
        desk.Counts.Recorded();
        desk.Usage.Note(request.Key);
        desk.Logger.Recorded(method, file);
    }

    private void Compare(RecordedOutcome outcome, Attachments attachments)
    {
        if (Find() is not { } stored)
        {
            desk.Add(
                new RecordingDrift(
                    method,
                    desk.Directory.Path,
                    [$"There is no recording of this call.\n{desk.Directory.DescribeNearest(request).TrimEnd()}"]
                )
            );
            return;
        }
        Used();
        var differences = DifferencesFrom(stored, outcome, attachments);
        if (differences.Count > 0)
            desk.Add(new RecordingDrift(method, stored.File, differences));
    }

    private IReadOnlyList<string> DifferencesFrom(
        StoredRecording stored,
        RecordedOutcome outcome,
        Attachments attachments
    ) => desk.Comparison.Compare(Compared(stored.Outcome), stored.Attachments, Compared(outcome), attachments);

    private RecordedOutcome Compared(RecordedOutcome outcome) =>
        call.Compared is not { } compared
            ? outcome
            : outcome with
            {
                Answer = outcome.Answer is { } answer ? compared(answer) : null,
                Items = outcome.Items is { } items ? [.. items.Select(compared)] : null,
            };

    private T Read(StoredRecording stored, JsonElement value, string path)
    {
        try
        {
            return desk.Answers.Read<T>(value, stored.Attachments);
        }
        catch (JsonException e)
        {
            throw Damaged(stored, path, e);
        }
    }

    private void RequireType(StoredRecording stored)
    {
        if (stored.Outcome.Type != TypeName)
            throw Unfit(stored, stored.Outcome.Type, TypeName);
    }

    private RecordingDamagedException Damaged(StoredRecording stored, string path, JsonException e) =>
        new(
            $"The recording '{stored.File}' of {method} is no {TypeName} at {path}: {e.Message.TrimEnd('.')}. Record it again, or undo the edit.",
            stored.File,
            e
        );

    private RecordingDamagedException Unfit(StoredRecording stored, string recorded, string wanted) =>
        new(
            $"The recording '{stored.File}' holds {recorded}, and {method} answers {wanted}: it was written before the method changed. Record it again.",
            stored.File
        );
}
