/** Whether a request is written in Chinese: a third of its letters are. */
export function isChinese(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/[\p{Script=Latin}\p{Script=Cyrillic}]+/gu)?.length ?? 0;
  return han > 0 && han >= words;
}

/** What stands before every answer, so that nobody takes it for a model's. */
export const noticeFor = (chinese: boolean): string =>
  chinese
    ? '【预览】以下内容由 Reelay 根据可计算的信息写成，未调用任何模型。'
    : 'PREVIEW: Reelay wrote this from what can be computed. No model was asked.';
