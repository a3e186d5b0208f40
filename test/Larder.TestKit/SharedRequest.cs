namespace Larder.TestKit;

/// <summary>Something that was asked of a shared store.</summary>
/// <param name="Verb">One of <c>read stat open write replace upload list delete</c>.</param>
/// <param name="Name">The object, or the prefix of a list.</param>
public sealed record SharedRequest(string Verb, string Name);
