namespace Larder.Diffusion;

/// <summary>One thing that is wrong with a graph, with what it is to run on, or with a schedule.</summary>
/// <param name="Subject">What is wrong, such as the port <c>denoise.latents</c> or the option <c>steps</c>.</param>
/// <param name="Message">What is wrong with it, and what to do.</param>
public sealed record DiffusionFault(string Subject, string Message);
