using System.Runtime.CompilerServices;
using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>Makes requests of calls.</summary>
/// <remarks>
/// A request is
/// <c>{"arguments": {…}, "configuration": …, "deployment": NAME, "kind": "recording", "method": NAME, "models": […], "types": […],
/// "version": 1}</c> in canonical JSON, without its secrets. Safe for use by several threads at once.
/// </remarks>
internal sealed class RequestForms
{
    private const int MaxNameLength = 200;

    private readonly RequestValues _values;
    private readonly ConditionalWeakTable<Deployment, DeploymentPart> _parts = [];
    private CallWriter? _spare;

    public RequestForms(RecordingsOptions options, string root)
    {
        Root = root;
        _values = new RequestValues(options.Forms.All, new RootedPaths(root), new Redactor(options.Redaction));
    }

    /// <summary>The root that paths are relative to.</summary>
    public string Root { get; }

    /// <summary>The request of a call.</summary>
    /// <exception cref="NotRecordableException">An argument cannot be told apart from others.</exception>
    public RecordingRequest Of(RecordedCall call)
    {
        if (call.Method.Length > MaxNameLength)
            throw new NotRecordableException(
                $"The name of a method has {call.Method.Length} characters; it may have {MaxNameLength}. Give another with [TestCache(Name = …)].",
                call.Method[..MaxNameLength]
            );

        // A writer that has failed does not come back.
        var writer = Interlocked.Exchange(ref _spare, null) ?? new CallWriter(_values);
        var part = PartOf(call, writer);
        var key = writer.KeyOf(call, part);
        if (writer.IsSmall)
            Volatile.Write(ref _spare, writer);
        return new RecordingRequest(key, call.Deployment.Name, call.Method);
    }

    /// <summary>Whether parameters of the type are left out by themselves: tokens of cancellation, progress, loggers.</summary>
    public static bool IsLeftOut(Type parameter) => LeftOut.Is(parameter);

    /// <summary>
    /// What to hand both to <see cref="RecordedCall"/> and to the service in place of an argument that can be read only once, such
    /// as a stream that cannot seek; else the argument itself.
    /// </summary>
    public static object? Rereadable(object? argument) =>
        argument is Stream { CanRead: true, CanSeek: false } stream ? new StreamCopy(stream) : argument;

    private DeploymentPart PartOf(RecordedCall call, CallWriter writer) =>
        _parts.TryGetValue(call.Deployment, out var known)
            ? known
            : _parts.GetValue(call.Deployment, deployment => MakePart(call, writer, deployment.Configuration));

    private static DeploymentPart MakePart(RecordedCall call, CallWriter writer, object? configuration) =>
        configuration is null || new TypeState(CallWriter.Rules).IsImmutable(configuration.GetType())
            ? writer.PartOf(call)
            : DeploymentPart.Changing;
}
