using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>Writes the request of one call at a time.</summary>
internal sealed class CallWriter
{
    private const string Kind = "recording";

    // Longer requests, and the writers that grew with them, are left to the collector.
    private const int MaxKeptBytes = 64 * 1024;

    /// <summary>What of arguments and configurations is in a request.</summary>
    public static readonly ValueRules Rules = new("request", "answer", typeof(NotRecordedAttribute))
    {
        LeavesOut = LeftOut.Is,
        OtherRemedy = ", or give its type a form in RecordingsOptions.Forms",
        ReadsAnonymousTypes = true,
    };

    private readonly RequestWriter _request;
    private RecordedCall? _call;

    public CallWriter(RequestValues values) => _request = new RequestWriter(Rules, Refused, values);

    private CanonicalJsonWriter Output => _request.Output;

    /// <summary>Whether it is worth keeping for the next call.</summary>
    public bool IsSmall => Output.Written.Length <= MaxKeptBytes;

    /// <summary>The key of a call; after a failure the writer is not used again.</summary>
    /// <param name="call">The call.</param>
    /// <param name="part">What its deployment has in it.</param>
    public EntryKey KeyOf(RecordedCall call, DeploymentPart part) =>
        Written(
            call,
            () =>
            {
                Write(call, part);
                return EntryKey.OfCanonical(Kind, Output.Written.ToArray());
            }
        );

    /// <summary>What stands in the requests of all calls of a deployment.</summary>
    public DeploymentPart PartOf(RecordedCall call) =>
        Written(
            call,
            () =>
            {
                WriteDeployment(call.Deployment);
                return new DeploymentPart(Output.Written.ToArray());
            }
        );

    private T Written<T>(RecordedCall call, Func<T> write)
    {
        _call = call;
        _request.Begin();
        try
        {
            return write();
        }
        catch (Exception e) when (e is not RecordingException)
        {
            // Properties and forms are code of others. What they say of their failure may hold anything.
            throw _request.Refused($"Reading it failed with a {e.GetType()}.", e);
        }
        finally
        {
            _call = null;
        }
    }

    private void Write(RecordedCall call, DeploymentPart part)
    {
        Output.WriteRaw("{\"arguments\":"u8);
        WriteArguments(call);
        if (part.Written is null)
            WriteDeployment(call.Deployment);
        else
            Output.WriteRaw(part.Written);
        Output.WriteRaw(",\"method\":"u8);
        _request.WriteString(call.Method);
        Output.WriteRaw(",\"models\":["u8);
        for (var i = 0; i < call.Deployment.Models.Count; i++)
        {
            _request.WriteComma(i);
            Output.WriteString(call.Deployment.Models[i].Digest.ToString());
        }
        Output.WriteRaw("],\"types\":["u8);
        for (var i = 0; i < call.TypeArguments.Count; i++)
        {
            _request.WriteComma(i);
            _request.WriteString(call.TypeArguments[i].ToString());
        }
        Output.WriteRaw("],\"version\":1}"u8);
    }

    private void WriteArguments(RecordedCall call)
    {
        CallArgument[] arguments = [.. call.Arguments.Where(argument => !LeftOut.Is(Declared(argument)))];
        var writer = new ValueWriter(_request);
        _request.Start = "$.arguments";
        _request.WriteMembers(
            Array.ConvertAll(arguments, argument => argument.Name),
            i => writer.Write(arguments[i].Value, Declared(arguments[i]))
        );
    }

    private void WriteDeployment(Deployment deployment)
    {
        const string Name = "configuration";
        _request.Start = $"$.{Name}";
        _request.At(Name);
        Output.WriteRaw(",\"configuration\":"u8);
        new ValueWriter(_request).Write(deployment.Configuration, typeof(object));
        Output.WriteRaw(",\"deployment\":"u8);
        _request.WriteString(deployment.Name);
        Output.WriteRaw(",\"kind\":\"recording\""u8);
    }

    private static Type Declared(CallArgument argument) =>
        TypeShape.Unwrap(argument.Declared.IsByRef ? argument.Declared.GetElementType()! : argument.Declared);

    private NotRecordableException Refused(string path, string message, Exception? innerException) =>
        new($"{_call!.Deployment.Name}.{_call.Method} cannot be recorded: {path}: {message}", path, innerException);
}
