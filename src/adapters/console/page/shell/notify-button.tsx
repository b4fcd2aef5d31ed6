import { Bell, BellRing } from 'lucide-react';
import { useState } from 'react';

const KEY = 'notify';

/** Whether notifications are enabled here and allowed by the browser. */
export function wantsNotes(): boolean {
  try {
    return (
      'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on'
    );
  } catch {
    return false;
  }
}

/** Asks for permission only when pressed. */
export function NotifyButton() {
  const [isOn, setOn] = useState(wantsNotes);
  if (!('Notification' in window)) return null;
  const toggle = async (): Promise<void> => {
    const isGranted = isOn || (await Notification.requestPermission()) === 'granted';
    localStorage.setItem(KEY, isGranted && !isOn ? 'on' : 'off');
    setOn(isGranted && !isOn);
  };
  const Icon = isOn ? BellRing : Bell;
  return (
    <button type="button" className="icon-button wide-text" aria-pressed={isOn} onClick={() => void toggle()}>
      <Icon aria-hidden="true" size={18} /> <span>Notify me</span>
    </button>
  );
}
