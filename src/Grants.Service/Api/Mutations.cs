using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grants.Domain;
using Grants.Primitives;
using Grants.Service.Api.Errors;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Api;

/// <summary>What every mutation's input carries.</summary>
public interface IMutationInput
{
    /// <summary>The idempotency key, chosen by the client.</summary>
    string ClientMutationId { get; }
}

/// <summary>The answer of a mutation before its fields are resolved.</summary>
public sealed record MutationPayload(object? Result, Rejection? Rejection, string ClientMutationId);

public sealed class UserErrorGraphType : ObjectGraphType<Rejection>
{
    public UserErrorGraphType()
    {
        Name = "UserError";
        Description = "Why a mutation was refused. Nothing was written.";
        Field("code", error => error.Code).Description("Stable and in capitals: what a program matches on.");
        Field<ListGraphType<NonNullGraphType<StringGraphType>>>("field")
            .Description("The path of the input field that is at fault, where one is.")
            .Resolve(context => MutationReceipts.FieldOf(context.Source)?.Split('.'));
        Field<NonNullGraphType<StringGraphType>>("message")
            .Description("One sentence for a person, in the language of Accept-Language where there is one for it.")
            .Resolve(context => Messages.Of(
                ((RequestContext)context.UserContext).Language, context.Source.Code, context.Source.Message));
        Field<IntGraphType>("retryAfterSeconds")
            .Description("Where the very same request may be accepted later: when to send it again.")
            .Resolve(context => (context.Source as RetryLater)?.RetryAfterSeconds);
    }
}

/// <summary>How a feature adds its mutations: one input, one payload, refusals as <c>userErrors</c>.</summary>
public static class Mutations
{
    private const int ClientMutationIdLengthMax = 128;

    private static readonly JsonSerializerOptions Given = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Adds a mutation of a signed-in account, with a receipt.</summary>
    /// <param name="mutation">The mutation type.</param>
    /// <param name="name">The field's name; input and payload are named after it.</param>
    /// <param name="description">What it does, for the schema.</param>
    /// <param name="run">Sends the command.</param>
    /// <param name="load">Loads the result after the command was accepted, now or before.</param>
    public static void AddCommand<TInput, TResultType>(
        this ObjectGraphType mutation,
        string name,
        string resultName,
        string description,
        Func<IResolveFieldContext, TInput, Address, Task<CommandResult>> run,
        Func<IResolveFieldContext, TInput, Address, Task<object?>> load)
        where TInput : class, IMutationInput
        where TResultType : IGraphType =>
        mutation.AddMutation<TInput, TResultType>(name, resultName, description, async (context, input) =>
        {
            var actor = context.ActorOf(name);
            var result = await context.Service<MutationReceipts>().OnceAsync(
                context.Space(),
                actor,
                name,
                input.ClientMutationId,
                HashOf(input),
                () => run(context, input, actor),
                context.CancellationToken);
            return (result.IsAccepted ? await load(context, input, actor) : null, result.Rejection);
        });

    /// <summary>
    /// The hash by which an input is known again. What was left out is not in it: an input that grows by an optional field is still known.
    /// </summary>
    public static byte[] HashOf<TInput>(TInput input) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(input, Given));

    /// <summary>Adds a mutation that needs no session and is idempotent by its own content.</summary>
    /// <returns>The field.</returns>
    public static FieldType AddMutation<TInput, TResultType>(
        this ObjectGraphType mutation,
        string name,
        string resultName,
        string description,
        Func<IResolveFieldContext, TInput, Task<(object? Result, Rejection? Rejection)>> run)
        where TInput : class, IMutationInput
        where TResultType : IGraphType =>
        mutation.AddField(new FieldType
        {
            Name = name,
            Description = description,
            ResolvedType = new NonNullGraphType(Payload<TResultType>(name, resultName)),
            Arguments = [new QueryArgument<NonNullGraphType<InputType<TInput>>> { Name = "input" }],
            Resolver = new GraphQL.Resolvers.FuncFieldResolver<object?>(async context =>
            {
                var input = context.GetArgument<TInput>("input");
                if (input.ClientMutationId.Length is 0 or > ClientMutationIdLengthMax
                    || input.ClientMutationId.Any(char.IsControl))
                    throw new ProtocolError("BAD_USER_INPUT", $"clientMutationId must have 1 to {ClientMutationIdLengthMax} characters.");
                var (result, rejection) = await run(context, input);
                return new MutationPayload(result, rejection, input.ClientMutationId);
            }),
        });

    private static ObjectGraphType<MutationPayload> Payload<TResultType>(string name, string resultName)
        where TResultType : IGraphType
    {
        var payload = new ObjectGraphType<MutationPayload> { Name = $"{char.ToUpperInvariant(name[0])}{name[1..]}Payload" };
        payload.Field<TResultType>(resultName)
            .Description("The result; null where the mutation was refused.")
            .Resolve(context => context.Source.Result);
        payload.Field<NonNullGraphType<ListGraphType<NonNullGraphType<UserErrorGraphType>>>>("userErrors")
            .Description("Empty where the mutation was accepted.")
            .Resolve(context => context.Source.Rejection is { } rejection ? [rejection] : Array.Empty<Rejection>());
        payload.Field("clientMutationId", context => context.ClientMutationId).Description("As given.");
        return payload;
    }
}

/// <summary>The GraphQL input type of a record: its properties, with their <c>Description</c> attributes.</summary>
public sealed class InputType<T> : AutoRegisteringInputObjectGraphType<T>
{
    public InputType() => Name = typeof(T).Name;
}
