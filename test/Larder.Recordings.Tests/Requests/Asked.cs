using System.Text;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Tests.Requests;

/// <summary>What the requests of calls say.</summary>
internal static class Asked
{
    public static readonly string Root = Path.Combine(Path.GetTempPath(), "asked");

    private static readonly Deployment Service = new("Service");

    public static RecordingsOptions Options() => new() { Directory = Root };

    public static RequestForms Forms(RecordingsOptions? options = null, string? root = null) =>
        new(options ?? Options(), root ?? Root);

    /// <summary>The whole request.</summary>
    public static string Request(RecordingRequest request) => Encoding.UTF8.GetString(request.Key.Request.Span);

    /// <summary>What stands for an argument that is declared as what it is here.</summary>
    public static string Value<T>(T value, RequestForms? forms = null) => Value("x", value, forms);

    public static string Value<T>(string name, T value, RequestForms? forms = null)
    {
        var request = Request((forms ?? Forms()).Of(new RecordedCall(Service, "Do").With(name, value)));
        var start = $$$"""{"arguments":{"{{{name}}}":""";
        const string End =
            """},"configuration":null,"deployment":"Service","kind":"recording","method":"Do","models":[],"types":[],"version":1}""";
        Assert.StartsWith(start, request, StringComparison.Ordinal);
        Assert.EndsWith(End, request, StringComparison.Ordinal);
        return request[start.Length..^End.Length];
    }

    public static NotRecordableException Refusal<T>(T value, RequestForms? forms = null) =>
        Assert.Throws<NotRecordableException>(() => Value(value, forms));
}
