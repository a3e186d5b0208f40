using System.Text;
using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Tests.Content.Requests;

/// <summary>What stands in a request for a value.</summary>
internal static class Written
{
    public static readonly ValueRules Rules = new("order", "dish", typeof(IgnoredAttribute))
    {
        LeavesOut = static type => type == typeof(CancellationToken),
    };

    public static string Of(object? value, Type declared, IValueForms? forms = null)
    {
        var request = new RequestWriter(Rules, static (path, message, inner) => Fault(path, message, inner), forms);
        request.Begin();
        new ValueWriter(request).Write(value, declared);
        return Encoding.UTF8.GetString(request.Output.Written);
    }

    public static string Of<T>(T value, IValueForms? forms = null) => Of(value, typeof(T), forms);

    private static InvalidDocumentException Fault(string path, string message, Exception? inner) =>
        inner is null
            ? new InvalidDocumentException(path, message)
            : new InvalidDocumentException(path, message, inner);
}
