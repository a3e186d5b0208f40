namespace Larder.Recordings.Requests;

/// <summary>Takes secrets out of texts.</summary>
internal sealed class Redactor(RedactionRules rules)
{
    /// <summary>The text of a member without its secrets.</summary>
    /// <param name="name">The member's or argument's name; null for an item or a text that stands alone.</param>
    /// <param name="text">Its text; null, where a member of that name holds a secret, stands for one too.</param>
    public string? Text(string? name, string? text) => throw new NotImplementedException(rules.ToString());
}
