"""From flat parameters to the log-probabilities of trained tokens."""


def unflatten(flat: Tensor) -> List[Tensor]:
    """Views of all parameters, which lie end to end in flat [P]: matrices, vectors where COLUMNS is 0."""
    sizes = SIZES
    columns = COLUMNS
    parts = torch.split_with_sizes(flat, sizes)
    views = annotate(List[Tensor], [])
    for i in range(len(parts)):
        if columns[i] > 0:
            torch.append(views, parts[i].view([sizes[i] // columns[i], columns[i]]))
        else:
            torch.append(views, parts[i])
    return views


def trained_logits(flat: Tensor, tokens: Tensor, predictors: Tensor) -> Tensor:
    """Logits [B·A, V] in float32 of the places that predict a trained token.

    tokens [B, T]; predictors [B, A] are rows of the [B·T, H] hidden states. The head sees no other row.
    """
    if COMPUTE == "bfloat16":
        weights = unflatten(flat.to(torch.bfloat16))
    else:
        weights = unflatten(flat)
    hidden = hidden_states(tokens, weights)
    rows = torch.index_select(torch.flatten(hidden, 0, 1), 0, torch.flatten(predictors))
    return torch.linear(rows, head_weight(weights)).to(torch.float32)


def tempered(logits: Tensor) -> Tensor:
    """Of the distribution that is sampled from: logits / temperature."""
    if TEMPERATURE == 1.:
        result = logits
    else:
        result = torch.div(logits, TEMPERATURE)
    return result


def chosen(logprobs: Tensor, targets: Tensor) -> Tensor:
    """Of [B·A, V] those of targets [B, A]."""
    return torch.view(torch.gather(logprobs, 1, torch.view(targets, [-1, 1])), torch.size(targets))
