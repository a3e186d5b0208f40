using Larder.Content;

namespace Larder.Recordings;

/// <summary>What answers calls: which service, configured how, with which models. All of it is part of every request.</summary>
/// <param name="Name">1 to 200 characters, such as the full name of a class.</param>
/// <exception cref="ArgumentException">The name is empty, longer, or not Unicode text.</exception>
public sealed record Deployment(string Name)
{
    private const int MaxNameLength = 200;

    private readonly string _name = Checked(Name);
    private readonly IReadOnlyList<ModelPin> _models = [];

    /// <summary>1 to 200 characters, such as the full name of a class.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer, or not Unicode text.</exception>
    public string Name
    {
        get => _name;
        init => _name = Checked(value);
    }

    /// <summary>What the service is configured with, an object or a <c>JsonNode</c>; null when it has nothing to configure.</summary>
    public object? Configuration { get; init; }

    /// <summary>The versions of the models that it runs, known without them.</summary>
    public IReadOnlyList<ModelPin> Models
    {
        get => _models;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _models = value;
        }
    }

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, nameof(Name));
        if (name.Length > MaxNameLength)
            throw new ArgumentException(
                $"The name of a deployment has {name.Length} characters; it may have {MaxNameLength}.",
                nameof(name)
            );
        return Utf16.IsWellFormed(name)
            ? name
            : throw new ArgumentException("The name of a deployment is not Unicode text.", nameof(name));
    }
}
