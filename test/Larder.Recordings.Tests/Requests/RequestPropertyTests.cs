using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Larder.Content;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Tests.Requests;

/// <summary>Claims about the requests of all calls; a failure shows the arguments and the seed.</summary>
public sealed class RequestPropertyTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000);
    private static readonly Deployment Service = new("Service");

    [Fact]
    public void Of_TwoValues_HaveOneKeyExactlyWhenTheyAreOneValue()
    {
        var forms = Asked.Forms();
        Holds(
            RandomArguments.Values.Two(),
            pair =>
                (pair.Item1.Description == pair.Item2.Description)
                == KeyOf(forms, pair.Item1.Make()).Equals(KeyOf(forms, pair.Item2.Make()))
        );
    }

    [Fact]
    public void Of_TheSameValueMadeAgain_HasTheSameKey()
    {
        var forms = Asked.Forms();
        Holds(RandomArguments.Values, value => KeyOf(forms, value.Make()).Equals(KeyOf(forms, value.Make())));
    }

    [Fact]
    public void Of_AnyCall_IsTheKeyOfItsDocument()
    {
        var forms = Asked.Forms();
        Holds(
            RandomArguments.Values,
            value =>
                KeyOf(forms, value.Make()) is var key
                && key.Equals(EntryKey.Of(JsonNode.Parse(key.Request.Span)!.AsObject()))
        );
    }

    [Fact]
    public void Of_AnyJson_IsTheSameFromAnElement()
    {
        var forms = Asked.Forms();
        Holds(
            RandomArguments.Values,
            value =>
            {
                // Any document will do: here the request of the value itself, whose names begin with "$" too.
                var document = JsonNode.Parse(KeyOf(forms, value.Make()).Request.Span)!;
                using var parsed = System.Text.Json.JsonDocument.Parse(document.ToJsonString());
                return KeyOf(forms, document).Equals(KeyOf(forms, parsed.RootElement))
                    && !KeyOf(forms, document["arguments"]!["x"]).Equals(KeyOf(forms, document));
            }
        );
    }

    [Fact]
    public void Of_ArgumentsInAnyOrderUnderAnyCulture_IsTheSame()
    {
        var forms = Asked.Forms();
        var before = CultureInfo.CurrentCulture;
        try
        {
            Holds(
                RandomArguments.Values.Two(),
                pair =>
                {
                    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
                    var one = forms.Of(
                        new RecordedCall(Service, "Do").With("a", pair.Item1.Make()).With("b", pair.Item2.Make())
                    );
                    CultureInfo.CurrentCulture = new CultureInfo("fa-IR");
                    var other = forms.Of(
                        new RecordedCall(Service, "Do").With("b", pair.Item2.Make()).With("a", pair.Item1.Make())
                    );
                    return one.Key.Equals(other.Key);
                }
            );
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Of_SecretAnywhere_IsNowhereInTheRequest()
    {
        const string Canary = "q7Zt2LxW9pKe4RmB8vYc";
        var options = Asked.Options();
        options.Redaction.Secrets.Add($"mine-{Canary}");
        var forms = Asked.Forms(options);
        object[] hidden =
        [
            new Dictionary<string, object?> { ["api_key"] = Canary },
            new { Password = Canary },
            new { Credentials = new { User = "u", Key = Canary } },
            new { Token = Canary },
            new Dictionary<string, string[]> { ["Authorization"] = [Canary] },
            new JsonObject { ["headers"] = new JsonObject { ["Cookie"] = Canary } },
            $"Authorization: Bearer {Canary}",
            $"hf_{Canary}",
            $"see https://u:{Canary}@host and sk-{Canary}",
            new Uri($"https://h/?sig={Canary}"),
            new StringBuilder($"ghp_{Canary}"),
            JsonValue.Create($"mine-{Canary}"),
            new Dictionary<string, int> { [$"hf_{Canary}"] = 1 },
            new Dictionary<int, string> { [1] = $"mine-{Canary}" },
            new FileInfo($"/nowhere/mine-{Canary}"),
        ];
        var cases =
            from secret in Gen.Elements(hidden)
            from around in Gen.Choose(0, 4).ListOf()
            select around.Aggregate(secret, Around);

        Holds(
            cases,
            value =>
                !Encoding.UTF8.GetString(KeyOf(forms, value).Request.Span).Contains(Canary, StringComparison.Ordinal)
        );
    }

    private static object Around(object value, int how) =>
        how switch
        {
            0 => new[] { value, 1 },
            1 => new Dictionary<string, object> { ["name"] = value },
            2 => new { Options = value },
            3 => new Dictionary<int, object> { [3] = value },
            _ => KeyValuePair.Create("key", value),
        };

    private static EntryKey KeyOf(RequestForms forms, object? value) =>
        forms.Of(new RecordedCall(Service, "Do").With("x", value)).Key;

    // Deep enough to be interesting, and not so deep that a request is refused.
    private static void Holds<T>(Gen<T> cases, Func<T, bool> claim) =>
        Prop.ForAll(cases.Resize(8).ToArbitrary(), claim).Check(Config);
}
