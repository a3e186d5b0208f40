namespace ModelGenerator.Sentiment;

/// <summary>Sentences as people write them, none of which the lexicon was fitted to, with what each of them says.</summary>
internal static class Sentences
{
    internal static IReadOnlyList<string> Praise { get; } =
    [
        "An absolutely wonderful evening, the whole family enjoyed it.",
        "The staff were friendly and the room was spotless.",
        "Best pizza I have had in years!",
        "It works perfectly and was easy to set up.",
        "Great value for money.",
        "I can't recommend this book enough; I loved every page.",
        "Not bad at all.",
        "The delivery was quick and the packaging neat.",
        "A brilliant film with a funny and warm script.",
        "Never had a problem with it in five years.",
        "My daughter adores her new bike, thank you!",
        "THE CONCERT WAS AMAZING",
        "Comfortable seats, fair prices, helpful driver.",
        "We were delighted with the garden and the quiet street.",
        "The battery lasts two days, which is impressive.",
        "It isn't cheap, but it is worth every cent.",
        "Support answered within an hour and they were very polite.",
        "What a joy to use.",
        "The soup was fresh and tasty.",
        "I'm happy with it and would buy it again.",
    ];

    internal static IReadOnlyList<string> Complaints { get; } =
    [
        "What a waste of time.",
        "The food was cold and the waiter rude.",
        "It broke after two days and nobody answers my letters.",
        "Not good, and certainly not worth the money.",
        "This is the worst hotel I have ever stayed in!",
        "The app crashes every time I open it.",
        "I was disappointed by the ending.",
        "Terrible service, we waited an hour for a table.",
        "The instructions are confusing and a part was missing.",
        "I wouldn't recommend it to anyone.",
        "Slow, noisy and overpriced.",
        "The room smelled and the bathroom was dirty.",
        "They sent the wrong size and refused to take it back.",
        "I don't like the new version at all.",
        "Dreadful sound, awful picture.",
        "The plot is predictable and the jokes aren't funny.",
        "After the update nothing works.",
        "It isn't very comfortable and it leaked in the rain.",
        "I hate how complicated the settings are.",
        "The lecture was so boring that half of the room left.",
    ];
}
