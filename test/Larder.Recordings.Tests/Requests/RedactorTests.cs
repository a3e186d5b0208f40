using System.Text.RegularExpressions;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Tests.Requests;

public sealed class RedactorTests
{
    private const string Random = "q7Zt2LxW9pKe4RmB8vYc";
    private static readonly Redactor Plain = new(new RedactionRules());

    [Theory]
    [InlineData("password")]
    [InlineData("Passwd")]
    [InlineData("secret")]
    [InlineData("client_secret")]
    [InlineData("ApiKey")]
    [InlineData("APIKey")]
    [InlineData("apikey")]
    [InlineData("x-api-key")]
    [InlineData("X_API_KEY")]
    [InlineData("openai_api_key")]
    [InlineData("OpenAIApiKey")]
    [InlineData("Authorization")]
    [InlineData("proxy-authorization")]
    [InlineData("cookie")]
    [InlineData("Set-Cookie")]
    [InlineData("access_token")]
    [InlineData("RefreshToken")]
    [InlineData("id_token")]
    [InlineData("bearer_token")]
    [InlineData("ApiToken")]
    [InlineData("REPLICATE_API_TOKEN")]
    [InlineData("authorizationToken")]
    [InlineData("api_secret")]
    [InlineData("AppSecret")]
    [InlineData("HF_TOKEN")]
    [InlineData("ConnectionString")]
    [InlineData("storage_connection_string")]
    [InlineData("private_key")]
    [InlineData("AccountKey")]
    [InlineData("sas_token")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("credential")]
    [InlineData("credentials")]
    public void Text_NameOfASecret_IsRedactedAlsoWhenItIsNotThere(string name)
    {
        Assert.True(Plain.IsSecret(name));
        Assert.Equal(RedactionRules.Redacted, Plain.Text(name, "x"));
        Assert.Equal(RedactionRules.Redacted, Plain.Text(name, ""));
        Assert.Equal(RedactionRules.Redacted, Plain.Text(name, null));
    }

    [Theory]
    [InlineData("InputTokenCount")]
    [InlineData("max_tokens")]
    [InlineData("valid_token")]
    [InlineData("tokens")]
    [InlineData("secretary")]
    [InlineData("keyword")]
    [InlineData("password_policy")]
    [InlineData("credentialed")]
    [InlineData("monkey")]
    [InlineData("")]
    [InlineData("_")]
    public void Text_NameOfNoSecret_IsLeftAlone(string name)
    {
        Assert.False(Plain.IsSecret(name));
        Assert.Equal(Random, Plain.Text(name, Random));
        Assert.Null(Plain.Text(name, null));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("a")]
    [InlineData("<|endoftext|>")]
    [InlineData("antidisestablishmentarianism")]
    [InlineData("conversation-2024-summary")]
    [InlineData("model.layers.12.self_attn.q_proj.weight")]
    [InlineData("blocks.3.conv2d_1.weight")]
    [InlineData("openai/clip-vit-large-patch14-336")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("12345678901234567890")]
    [InlineData("q7Zt2LxW9pKe4Rm B8vYc")]
    public void Text_TokenOrKeyThatIsAWord_IsLeftAlone(string text)
    {
        Assert.Equal(text, Plain.Text("token", text));
        Assert.Equal(text, Plain.Text("Key", text));
        Assert.Null(Plain.Text("token", null));
    }

    [Theory]
    [InlineData(Random)]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c")]
    [InlineData("prefix-q7Zt2LxW9pKe4RmB/8vYc=")]
    public void Text_TokenOrKeyThatLooksLikeASecret_IsRedacted(string text)
    {
        Assert.Equal(RedactionRules.Redacted, Plain.Text("token", text));
        Assert.Equal(RedactionRules.Redacted, Plain.Text("KEY", text));
        Assert.Equal(text, Plain.Text("text", text));
        Assert.Equal(text, Plain.Text(null, text));
    }

    [Theory]
    [InlineData("curl -H 'Authorization: Bearer {0}' x")]
    [InlineData("\"authorization\": \"Basic {0}\"")]
    [InlineData("Bearer {0}")]
    [InlineData("a hf_{0}")]
    [InlineData("sk-{0}")]
    [InlineData("key sk-proj-{0}.")]
    [InlineData("sk_live_{0}")]
    [InlineData("ghp_{0}")]
    [InlineData("github_pat_{0}")]
    [InlineData("xoxb-{0}")]
    [InlineData("gsk_{0}")]
    [InlineData("nvapi-{0}")]
    [InlineData("r8_{0}")]
    [InlineData("xai-{0}")]
    [InlineData("ya29.{0}")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.{0}.abc-_")]
    [InlineData("https://user:{0}@host/path")]
    [InlineData("postgres://user:{0}@host")]
    [InlineData("https://a.blob/b?sv=1&sig={0}&se=2")]
    [InlineData("https://b.s3/k?X-Amz-Credential={0}%2F2026&X-Amz-Date=1")]
    [InlineData("https://b.s3/k?X-Amz-Security-Token={0}")]
    [InlineData("https://b.s3/k?x-amz-signature={0}")]
    [InlineData("https://h/k?token={0}#x")]
    [InlineData("https://h/k?a=b&key={0}")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={0}==;EndpointSuffix=b")]
    [InlineData("Server=a;User Id=b;Password={0};")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMII\n{0}\n-----END RSA PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n{0}")]
    public void Text_FormOfASecret_IsRedactedWhereverItStands(string form)
    {
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Random);

        var redacted = Plain.Text(null, text)!;

        Assert.DoesNotContain(Random, redacted, StringComparison.Ordinal);
        Assert.Contains(RedactionRules.Redacted, redacted, StringComparison.Ordinal);
        Assert.Equal(redacted, Plain.Text(null, redacted));
    }

    [Fact]
    public void Text_AwsKeyAndGoogleKey_AreRedacted()
    {
        Assert.Equal($"id {RedactionRules.Redacted}", Plain.Text(null, "id AKIAIOSFODNN7EXAMPLE"));
        Assert.Equal(RedactionRules.Redacted, Plain.Text(null, "AIzaSyA1234567890abcdefghijklmnopqrstuv"));
    }

    [Fact]
    public void Text_AroundASecret_IsKept() =>
        Assert.Equal(
            $"https://{RedactionRules.Redacted}@host/a?b=c&sig={RedactionRules.Redacted}&d=e",
            Plain.Text(null, "https://u:p@host/a?b=c&sig=x%2B1&d=e")
        );

    [Theory]
    [InlineData("Basic understanding of authorization: none")]
    [InlineData("The bearer bonds were worthless")]
    [InlineData("from hf_hub_download import x")]
    [InlineData("risk-averse-and-risk-seeking-people-in-2024")]
    [InlineData("sk-learn-is-a-library-for-machine-learning")]
    [InlineData("AKIA is a prefix; AKIAS too")]
    [InlineData("https://host/path@v1?page=2&token=next&key=a")]
    [InlineData("mail me at user@example.com: it is free")]
    [InlineData("https://host:8080/a@b")]
    [InlineData("password=hunter2 is what the prompt says")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----")]
    [InlineData("eyJ is how they begin. So. There.")]
    public void Text_OrdinaryText_IsLeftAlone(string text) => Assert.Equal(text, Plain.Text("prompt", text));

    [Fact]
    public void Text_MoreRules_CountToo()
    {
        var rules = new RedactionRules();
        rules.Names.Add("Patient-Name");
        rules.Patterns.Add(new Regex(@"case (?<secret>\d+)", RegexOptions.None, TimeSpan.FromSeconds(1)));
        rules.Patterns.Add(new Regex(@"\bX\d{4}\b", RegexOptions.None, TimeSpan.FromSeconds(1)));
        rules.Secrets.Add("abc");
        rules.Secrets.Add("abcdef");
        rules.Secrets.Add("");
        var redactor = new Redactor(rules);

        Assert.Equal(RedactionRules.Redacted, redactor.Text("patient_name", "Meier"));
        Assert.Equal(RedactionRules.Redacted, redactor.Text("patientName", null));
        Assert.Equal("case [redacted] of [redacted]", redactor.Text(null, "case 12 of X1234"));
        Assert.Equal("x[redacted]y[redacted]z", redactor.Text(null, "xabcdefyabcz"));
        Assert.Equal("", redactor.Text(null, ""));
    }

    [Theory]
    [InlineData("OPENAI_API_KEY=abcd1234efgh", "OPENAI_API_KEY=[redacted]")]
    [InlineData("api key: 8f14e45f", "api key: [redacted]")]
    [InlineData("password: 70cxoQdAHJdY", "password: [redacted]")]
    [InlineData("{\"api_key\":\"abcdefgh12345678\"}", "{\"api_key\":\"[redacted]\"}")]
    [InlineData("Passwd='hunter2hunter2'", "Passwd='[redacted]'")]
    [InlineData("password: required", "password: required")]
    [InlineData("What is an API key: explain", "What is an API key: explain")]
    [InlineData("password: 12345678", "password: 12345678")]
    public void Text_WithALabelledSecret_KeepsAllButTheSecret(string text, string redacted) =>
        Assert.Equal(redacted, new Redactor(new RedactionRules()).Text(null, text));
}
